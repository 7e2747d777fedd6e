namespace CcBt.Core.Session;

/// <summary>What a <see cref="StartSequence"/> tells its owner to do, and how the owner answers.</summary>
internal enum StartOrder
{
    /// <summary>Ask peers for the metadata; answer MetadataKnown.</summary>
    FetchMetadata = 0,

    /// <summary>Open the files; answer StorageOpened.</summary>
    OpenStorage = 1,

    /// <summary>Hash the files; answer CheckFinished.</summary>
    CheckFiles = 2,

    /// <summary>Give the picker what is there; answer Armed.</summary>
    ArmPicker = 3,

    /// <summary>Ask for metadata no more; needs no answer.</summary>
    StopMetadata = 4,

    /// <summary>Take the picker's work away; needs no answer.</summary>
    DisarmPicker = 5,

    /// <summary>Stop hashing; answer CheckStopped when no read is in flight.</summary>
    StopCheck = 6,

    /// <summary>Abandon an opening in flight and close what is open; answer StorageClosed.</summary>
    CloseStorage = 7,

    /// <summary>The last order, exactly once: complete the start as its stage says, which is Done, Failed or Cancelled.</summary>
    Finish = 8,
}
