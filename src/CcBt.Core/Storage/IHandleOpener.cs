namespace CcBt.Core.Storage;

/// <summary>Opens the files of a store when the handle cache does not hold them.</summary>
internal interface IHandleOpener
{
    IDiskFile OpenFile(int file, DiskAccess access);
}
