namespace CcBt.Core.Storage;

/// <summary>What a file is opened for. Writing includes reading and creates the file and its directories.</summary>
internal enum DiskAccess : byte
{
    Read = 0,
    Write = 1,
}
