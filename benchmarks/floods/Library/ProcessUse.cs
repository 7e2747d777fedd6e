namespace CcBt.Core.Floods.Library;

/// <summary>What a process holds of the system, by the kernel's accounting.</summary>
internal sealed record ProcessUse(long ResidentBytes, int Handles, int Sockets, int Threads, TimeSpan CpuTime)
{
    private const int TicksPerSecond = 100;

    public static ProcessUse Of(int process)
    {
        string[] status = File.ReadAllLines($"/proc/{process}/status");
        string stat = File.ReadAllText($"/proc/{process}/stat");
        // The name of the program, in parentheses, may hold anything; utime and stime are the 12th and 13th field behind it.
        string[] fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        // The runtime keeps an assembly, and the symbols beside it, open from its first use on.
        string[] handles = [.. Directory.EnumerateFileSystemEntries($"/proc/{process}/fd").Select(Target).Where(h => Path.GetExtension(h) is not (".dll" or ".pdb"))];
        return new ProcessUse(
            Number(status, "VmRSS:") * 1024,
            handles.Length,
            handles.Count(h => h.StartsWith("socket:", StringComparison.Ordinal)),
            (int)Number(status, "Threads:"),
            TimeSpan.FromSeconds((double)(long.Parse(fields[11]) + long.Parse(fields[12])) / TicksPerSecond));
    }

    private static long Number(string[] status, string name)
        => long.Parse(status.First(l => l.StartsWith(name, StringComparison.Ordinal))[name.Length..].Replace("kB", "", StringComparison.Ordinal));

    // A handle may be closed between the listing and the look at it.
    private static string Target(string link)
    {
        try
        {
            return new FileInfo(link).LinkTarget ?? "";
        }
        catch (IOException)
        {
            return "";
        }
    }
}
