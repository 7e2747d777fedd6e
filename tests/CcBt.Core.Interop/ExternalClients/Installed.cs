using System.Diagnostics;

namespace CcBt.Core.Interop.ExternalClients;

/// <summary>Which real clients this machine has, where they are, and how to get them.</summary>
internal static class Installed
{
    private static readonly Lazy<string?> _python = new(FindPython);

    public static bool InCi => Environment.GetEnvironmentVariable("CI") is "1" or "true" or "True" or "yes";

    /// <summary>The program to start for a client.</summary>
    /// <exception cref="InvalidOperationException">It is not installed.</exception>
    public static string Program(RealClient client)
        => Find(client) ?? throw new InvalidOperationException($"{client} is not installed: apt-get install {Package(client)}, or ./test.sh --install.");

    /// <summary>What keeps a test from running here; null when nothing does.</summary>
    public static string? WhatIsMissing(IEnumerable<RealClient> clients)
    {
        string[] missing = [.. clients.Where(c => Find(c) is null).Select(Package)];
        if (missing.Length > 0)
            return $"not installed: {string.Join(", ", missing)}. apt-get install {string.Join(' ', missing)}, or ./test.sh --install";
        return PrivateNetwork.IsHere ? null : "not in a private network namespace with 10.77.0.0/16 on lo; ./test.sh makes one";
    }

    private static string? Find(RealClient client) => client switch
    {
        RealClient.LibTorrent => _python.Value,
        RealClient.Transmission => FindOnPath("transmission-daemon"),
        RealClient.Aria2 => FindOnPath("aria2c"),
        RealClient.OpenTracker => FindOnPath("opentracker"),
        _ => FindOnPath("nginx"),
    };

    private static string Package(RealClient client) => client switch
    {
        RealClient.LibTorrent => "python3-libtorrent",
        RealClient.Transmission => "transmission-daemon",
        RealClient.Aria2 => "aria2",
        RealClient.OpenTracker => "opentracker",
        _ => "nginx-light",
    };

    private static string? FindOnPath(string program)
        => $"{Environment.GetEnvironmentVariable("PATH")}:/usr/sbin:/sbin".Split(':', StringSplitOptions.RemoveEmptyEntries)
            .Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);

    // The binding belongs to Debian's own python; another one may come first on the path.
    private static string? FindPython()
        => new[] { "/usr/bin/python3", FindOnPath("python3") }.FirstOrDefault(p => p is not null && File.Exists(p) && HasLibTorrent(p));

    private static bool HasLibTorrent(string python)
    {
        using Process process = Process.Start(new ProcessStartInfo(python, ["-c", "import libtorrent"]) { RedirectStandardError = true })!;
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}
