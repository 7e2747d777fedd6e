namespace CcBt.Core;

internal static partial class Limits
{
    /// <summary>Pooled piece buffers of a client: enough for 250 MB/s with a disk that stalls for a quarter of a second.</summary>
    public const long WriteBudgetBytes = 64L << 20;

    /// <summary>The largest piece that is held in memory whole; larger ones pass through runs, whatever length a torrent claims.</summary>
    public const int BufferedPieceBytes = 4 << 20;

    /// <summary>A run of a large piece and the largest single buffer; a multiple of the block size.</summary>
    public const int RunBytes = 1 << 20;

    /// <summary>Open files of a client, which with its lock file are fewer than 40; systems begin to refuse at 256 (macOS) and sockets need handles too.</summary>
    public const int OpenFiles = 36;

    /// <summary>A read of a hash check: large enough that the system's call costs nothing beside the hash.</summary>
    public const int CheckReadBytes = 1 << 20;

    /// <summary>What all threads that hash several pieces at a time read into, of all checks together: as much as downloads may hold.</summary>
    public const int CheckBytes = 64 << 20;

    /// <summary>Turns that each thread of a check must have for it to take several pieces at a time: with fewer, most threads would wait for the last one.</summary>
    public const int CheckTurns = 4;

    /// <summary>Threads of a hash check; more than this only fight for the memory bus.</summary>
    public const int CheckThreads = 32;

    /// <summary>Pieces of a file that are hashed as a sample when it was being written at the time its state was saved.</summary>
    public const int TrustSamplePieces = 4;

    /// <summary>A state file: 16 MiB of metadata, a bitfield and the sizes and times of a million files stay below it.</summary>
    public const int StateFileBytes = 64 << 20;

    /// <summary>State files that are written at once: their flushes become one of the file system's journal.</summary>
    public const int StateSaveThreads = 8;

    /// <summary>State files whose directory is flushed once for all of them; the first waits for the last.</summary>
    public const int StateSavesTogether = 32;

    /// <summary>Of so many reads of a file one looks whether its name still stands for it: a megabyte of uploads for a system call.</summary>
    public const int ReadsPerNameCheck = 64;

    /// <summary>Values in a state file; a million files take two million and their metadata 2.5 million more, unparsed.</summary>
    public const int StateFileTokens = 5_000_000;

    /// <summary>How long a read for an upload waits for a move or a selection change before the block is refused.</summary>
    public static readonly TimeSpan UploadReadWait = TimeSpan.FromMilliseconds(50);

    /// <summary>How long closing waits for file calls in flight; the rest ends when the system lets go of it.</summary>
    public static readonly TimeSpan StorageCloseWait = TimeSpan.FromSeconds(5);

    /// <summary>How long a piece waits for a move or a selection change before it is reported as not written.</summary>
    public static readonly TimeSpan PieceWriteWait = TimeSpan.FromSeconds(30);
}
