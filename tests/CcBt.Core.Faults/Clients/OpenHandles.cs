using System.Diagnostics;

namespace CcBt.Core.Faults.Clients;

/// <summary>The sockets of this process, and its open files below a folder.</summary>
internal static class OpenHandles
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(3);

    /// <summary>Handles more than there were, once those that are being closed are closed.</summary>
    public static async Task<(int Count, string What)> MoreThanAsync(int before, string folder)
    {
        var watch = Stopwatch.StartNew();
        while (true)
        {
            List<string> open = List(folder);
            if (open.Count <= before || watch.Elapsed > s_patience)
                return (Math.Max(0, open.Count - before), string.Join(", ", open));
            await Task.Delay(20);
        }
    }

    public static int Count(string folder) => List(folder).Count;

    /// <summary>Open files below a folder, sockets not counted.</summary>
    public static int FilesOf(string folder) => List(folder).Count(static h => !h.StartsWith("socket:", StringComparison.Ordinal));

    private static List<string> List(string folder)
    {
        var open = new List<string>();
        foreach (string handle in Directory.EnumerateFileSystemEntries("/proc/self/fd"))
        {
            // A handle may be closed between being listed and being looked at.
            string? target = new FileInfo(handle).LinkTarget;
            bool isSeeders = target is not null && target.StartsWith(Path.Combine(folder, "seed"), StringComparison.Ordinal);
            if (target is not null && !isSeeders && (target.StartsWith("socket:", StringComparison.Ordinal) || target.StartsWith(folder, StringComparison.Ordinal)))
                open.Add(target);
        }
        return open;
    }
}
