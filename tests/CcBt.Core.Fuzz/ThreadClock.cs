using System.Diagnostics;
using System.Runtime.InteropServices;

namespace CcBt.Core.Fuzz;

/// <summary>
/// The time that the processor spent on the current thread. What other programs take from a loaded machine is not in it, so only a slow call looks slow.
/// Where the system has no such clock, it is the time on the wall.
/// </summary>
internal static partial class ThreadClock
{
    private const int LinuxThreadTime = 3;
    private const int DarwinThreadTime = 16;

    private static readonly int? s_clock = nint.Size != 8 ? null
        : OperatingSystem.IsLinux() ? LinuxThreadTime
        : OperatingSystem.IsMacOS() ? DarwinThreadTime
        : null;

    public static bool CountsWaiting => s_clock is null;

    public static TimeSpan Now => s_clock is { } clock && GetTime(clock, out TimeOfClock time) == 0
        ? new TimeSpan(time.Seconds * TimeSpan.TicksPerSecond + time.Nanoseconds / TimeSpan.NanosecondsPerTick)
        : Stopwatch.GetElapsedTime(0);

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static partial int GetTime(int clock, out TimeOfClock time);

    [StructLayout(LayoutKind.Sequential)]
    private struct TimeOfClock
    {
        public long Seconds;
        public long Nanoseconds;
    }
}
