using System.Runtime.InteropServices;

namespace CcBt.Core.Storage;

/// <summary>The system calls that .NET has no method for: opening without following links, flushing a directory, finding holes.</summary>
internal static partial class Native
{
    public const int NoEntry = 2;
    public const int NotPermitted = 1;
    public const int AccessDenied = 13;
    public const int Exists = 17;
    public const int NotDirectory = 20;
    public const int NotEmptyLinux = 39;
    public const int NotEmptyMac = 66;
    private const int NoSuchOffset = 6;

    private const int CurrentDirectory = 0;
    private const int CurrentDirectoryLinux = -100;
    private const int OfHandleFlag = 0x1000;
    private const int StatNoFollowFlag = 0x100;
    private const uint StatInodeMask = 0x100;
    private const int StatLength = 256;
    private const uint SetSparseCode = 0x000900C4;

    private static volatile bool s_hasNoStat;

    private static readonly bool IsMac = OperatingSystem.IsMacOS();

    // The two kinds of ARM swap these flags on Linux.
    private static readonly bool IsArm = RuntimeInformation.ProcessArchitecture is Architecture.Arm64 or Architecture.Arm;

    private static int NoFollowFlag => IsMac ? 0x100 : IsArm ? 0x8000 : 0x20000;

    private static int DirectoryFlag => IsMac ? 0x100000 : IsArm ? 0x4000 : 0x10000;

    private static int CloseOnExecFlag => IsMac ? 0x1000000 : 0x80000;

    private static int CreateFlag => IsMac ? 0x200 : 0x40;

    /// <summary>Keeps an open of a named pipe from waiting for its other end; it has no effect on files.</summary>
    private static int NonBlockFlag => IsMac ? 0x4 : 0x800;

    public static int LinkLoop => IsMac ? 62 : 40;

    /// <summary>Opens a directory by its full path; links in it are followed, for this is the user's own root.</summary>
    public static int OpenRoot(string path) => Open(CurrentDirectory, path, DirectoryFlag | CloseOnExecFlag);

    public static int OpenDirectory(int parent, string name) => Open(parent, name, DirectoryFlag | NoFollowFlag | CloseOnExecFlag);

    public static int OpenFile(int parent, string name, bool write)
        => Open(parent, name, NoFollowFlag | CloseOnExecFlag | NonBlockFlag | (write ? CreateFlag | 2 : 0));

    public static int MakeDirectory(int parent, string name) => MakeDirectoryAt(parent, name, 0x1FF);

    public static int Unlink(int parent, string name, bool directory) => UnlinkAt(parent, name, !directory ? 0 : IsMac ? 0x80 : 0x200);

    /// <summary>The next byte that is not in a hole; -1 where the system does not say, <paramref name="length"/> when only a hole follows.</summary>
    public static long SeekData(SafeHandle file, long offset, long length)
    {
        long found = Seek(file, offset, IsMac ? 4 : 3);
        if (found >= 0)
            return found;
        return Marshal.GetLastPInvokeError() == NoSuchOffset ? length : -1;
    }

    /// <summary>Asks Windows not to store the zeros of a file that is longer than what was written to it.</summary>
    public static void MakeSparse(SafeHandle file) => DeviceControl(file, SetSparseCode, 0, 0, 0, 0, out _, 0);

    /// <summary>
    /// Which file of the machine a handle stands for, or, without one, a path that ends in a zero and whose last element may be no link. False where there is none,
    /// and where the system has not this call, whose answer looks alike on every Linux.
    /// </summary>
    public static bool TryGetIdentity(SafeHandle? file, ReadOnlySpan<byte> path, out FileIdentity identity)
    {
        identity = default;
        if (!OperatingSystem.IsLinux() || s_hasNoStat)
            return false;
        Span<byte> stat = stackalloc byte[StatLength];
        try
        {
            int result = file is null
                ? StatPath(CurrentDirectoryLinux, path, StatNoFollowFlag, StatInodeMask, stat)
                : StatHandle(file, "\0"u8, OfHandleFlag, StatInodeMask, stat);
            if (result != 0)
                return false;
        }
        catch (EntryPointNotFoundException)
        {
            s_hasNoStat = true;
            return false;
        }
        identity = new FileIdentity(MemoryMarshal.Read<ulong>(stat[32..]), MemoryMarshal.Read<ulong>(stat[136..]));
        return true;
    }

    private static int Open(int parent, string path, int flags)
    {
        const int mode = 0x1B6;
        // Apple's ARM passes variadic arguments on the stack, behind the eight that go in registers.
        return IsMac && IsArm ? OpenAtApple(parent, path, flags, 0, 0, 0, 0, 0, mode) : OpenAt(parent, path, flags, mode);
    }

    [LibraryImport("libc", EntryPoint = "openat", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int OpenAt(int parent, string path, int flags, int mode);

    [LibraryImport("libc", EntryPoint = "openat", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int OpenAtApple(int parent, string path, int flags, nint a, nint b, nint c, nint d, nint e, nint mode);

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true)]
    private static partial int StatPath(int parent, ReadOnlySpan<byte> path, int flags, uint mask, Span<byte> result);

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true)]
    private static partial int StatHandle(SafeHandle file, ReadOnlySpan<byte> path, int flags, uint mask, Span<byte> result);

    [LibraryImport("libc", EntryPoint = "mkdirat", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int MakeDirectoryAt(int parent, string path, int mode);

    [LibraryImport("libc", EntryPoint = "unlinkat", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int UnlinkAt(int parent, string path, int flags);

    [LibraryImport("libc", EntryPoint = "renameat", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int RenameAt(int fromParent, string from, int toParent, string to);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    public static partial int Flush(int handle);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    public static partial int Close(int handle);

    [LibraryImport("libc", EntryPoint = "lseek", SetLastError = true)]
    private static partial long Seek(SafeHandle file, long offset, int origin);

    [LibraryImport("kernel32", EntryPoint = "DeviceIoControl", SetLastError = true)]
    private static partial int DeviceControl(SafeHandle file, uint code, nint input, uint inputSize, nint output, uint outputSize, out uint returned, nint overlapped);
}
