using CcBt.Core.Faults.Cancellation;
using CcBt.Core.Faults.Crash;
using CcBt.Core.Faults.Disk;
using CcBt.Core.Faults.Load;
using CcBt.Core.Faults.Network;
using CcBt.Core.Faults.Soak;
using CcBt.Core.Faults.State;

namespace CcBt.Core.Faults.Stories;

/// <summary>All stories.</summary>
internal static class StoryList
{
    public static IReadOnlyList<Story> All { get; } =
    [
        new("crash", "a process that downloads is killed N times (20) at random moments, and started again on the same state", CrashStory.PlayAsync),
        new("crash-add", "processes that add torrents are dead in the instant in which a call returns, N times (12), on one state", AddStory.PlayAsync),
        new("disk-full", "a small file system is full while a client downloads to it, and freed later", DiskFullStory.PlayAsync) { Mounts = true },
        new("tamper", "files are truncated, deleted, replaced and overwritten while they are seeded or downloaded", TamperStory.PlayAsync),
        new("read-only", "a save directory is read-only from the beginning, or from the middle on", ReadOnlyStory.PlayAsync) { Mounts = true },
        new("state-garbage", "bytes of a state directory are flipped and cut one by one (every N-th, 61), and a client opened on it", GarbageStory.PlayAsync),
        new("cancel", "every public async method is cancelled at its n-th await, for every n (only the N-th method)", CancelStory.PlayAsync) { IsolatesNetwork = true },
        new("many-torrents", "N torrents (200) on a real disk: added, brought back, idle, ten of them downloaded, closed", ManyTorrentsStory.PlayAsync),
        new("network", "addresses and interfaces come and go: the watch tells, local discovery is renewed", NetworkStory.PlayAsync) { IsolatesNetwork = true },
        new("many-files", "a torrent of N (100,000) files and as many pieces: read, added, started, closed, brought back; and pieces picked", ManyFilesStory.PlayAsync),
        new("memory", "a process that may have a heap of 200 MB downloads 24 torrents at once, again and again, for N (15) seconds", MemoryStory.PlayAsync),
        new("soak", "100 torrents for N (8) seconds, while several hands at once start, pause, remove, add, cancel, restart and send garbage", SoakStory.PlayAsync) { IsolatesNetwork = true },
        new("resume", "a sparse torrent of N (10) gigabytes, finished and half finished, is opened again", ResumeStory.PlayAsync) { RunsInCi = false },
    ];
}
