using System.Diagnostics;
using System.Globalization;

namespace CcBt.Cli;

/// <summary>The time since the process began, which is before this program's first line: the zero that scripts measure from.</summary>
internal static class ProcessClock
{
    private const double TicksPerSecond = 100;
    private const int StartTimeField = 19;

    private static readonly TimeSpan BeforeHere = Read();
    private static readonly long Here = Stopwatch.GetTimestamp();

    public static TimeSpan Elapsed => BeforeHere + Stopwatch.GetElapsedTime(Here);

    private static TimeSpan Read()
    {
        if (!OperatingSystem.IsLinux())
            return TimeProvider.System.GetLocalNow().DateTime - Process.GetCurrentProcess().StartTime;
        // A tenth of the cost of asking Process. The name, in parentheses, may hold spaces; the fields are counted behind it.
        string stat = File.ReadAllText("/proc/self/stat");
        string start = stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[StartTimeField];
        string upTime = File.ReadAllText("/proc/uptime").Split(' ')[0];
        double seconds = double.Parse(upTime, CultureInfo.InvariantCulture) - double.Parse(start, CultureInfo.InvariantCulture) / TicksPerSecond;
        return TimeSpan.FromSeconds(Math.Max(0, seconds));
    }
}
