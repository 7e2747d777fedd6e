namespace CcBt.Core.Storage;

/// <summary>Why a copy of a state file is not used.</summary>
internal enum StateFault : byte
{
    None = 0,
    Missing,
    Unreadable,
    Damaged,
    NewerVersion,
}
