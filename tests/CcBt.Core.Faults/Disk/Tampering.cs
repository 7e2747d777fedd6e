namespace CcBt.Core.Faults.Disk;

/// <summary>What somebody else does to a file.</summary>
internal enum Tampering
{
    Truncate = 0,
    Delete,

    /// <summary>Another file takes its name.</summary>
    Replace,

    /// <summary>Zeros are written over it.</summary>
    Overwrite,
}
