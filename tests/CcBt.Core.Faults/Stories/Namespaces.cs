using System.Diagnostics;

namespace CcBt.Core.Faults.Stories;

/// <summary>Starts the program again in namespaces of its own, as root of them where it is not root already.</summary>
internal static class Namespaces
{
    private const string Mark = "CCBT_FAULTS_INSIDE";

    public static bool IsMissing(Story story)
        => (story.Mounts || story.IsolatesNetwork) && Environment.GetEnvironmentVariable(Mark) is null;

    /// <summary>What keeps namespaces from being made here; null when nothing does.</summary>
    public static string? Obstacle { get; } = Find();

    public static Task<int> RunAsync(Story story, RunOptions options, TextWriter output)
    {
        List<string> inside = ["dotnet", typeof(Namespaces).Assembly.Location, "run", .. (options with { Name = story.Name }).ToArguments()];
        return IsMissing(story) ? StartAsync("unshare", [.. Flags(story), "bash", "-c", Prepare(story), "faults", .. inside], output) : StartAsync(inside[0], inside[1..], output);
    }

    private static string Prepare(Story story)
        => $"PATH=$PATH:/usr/sbin:/sbin; {(story.IsolatesNetwork ? "ip link set lo up && " : "")}exec \"$@\"";

    private static IEnumerable<string> Flags(Story story)
    {
        if (!Environment.IsPrivilegedProcess)
            yield return "-r";
        if (story.Mounts)
            yield return "-m";
        if (story.IsolatesNetwork)
            yield return "-n";
    }

    private static async Task<int> StartAsync(string program, IEnumerable<string> arguments, TextWriter output)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment[Mark] = "1";
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        while (await process.StandardOutput.ReadLineAsync() is { } line)
            await output.WriteLineAsync(line);
        await output.WriteAsync(await errors);
        await process.WaitForExitAsync();
        return process.ExitCode;
    }

    private static string? Find()
    {
        if (!OperatingSystem.IsLinux())
            return "mounts and namespaces are Linux's";
        try
        {
            string flags = Environment.IsPrivilegedProcess ? "-mn" : "-rmn";
            using Process process = Process.Start(new ProcessStartInfo("unshare", [flags, "bash", "-c", "PATH=$PATH:/usr/sbin:/sbin; ip link set lo up"]) { RedirectStandardError = true })!;
            process.WaitForExit();
            return process.ExitCode == 0 ? null : "no namespace can be made here (unshare, ip)";
        }
        catch (System.ComponentModel.Win32Exception exception)
        {
            return exception.Message;
        }
    }
}
