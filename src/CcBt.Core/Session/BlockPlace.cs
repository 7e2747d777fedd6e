namespace CcBt.Core.Session;

/// <summary>What a store says of a block that is to be requested.</summary>
internal enum BlockPlace
{
    /// <summary>Its destination is ready.</summary>
    Ready = 0,

    /// <summary>The write budget is used up.</summary>
    NoRoom,

    /// <summary>Nobody needs to send it: it is padding (BEP 47).</summary>
    Padding,
}
