namespace CcBt.Core.Storage;

/// <summary>What no two files of a machine share: the number of a file on its device, and that of the device in the kernel's words.</summary>
internal readonly record struct FileIdentity(ulong Inode, ulong Device);
