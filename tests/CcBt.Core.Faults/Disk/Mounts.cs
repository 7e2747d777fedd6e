using System.Diagnostics;

namespace CcBt.Core.Faults.Disk;

/// <summary>File systems of this process's mount namespace.</summary>
internal static class Mounts
{
    public static Task TmpfsAsync(string folder, int megabytes)
    {
        Directory.CreateDirectory(folder);
        return RunAsync("-t", "tmpfs", "-o", $"size={megabytes}m", "faults", folder);
    }

    public static Task MakeReadOnlyAsync(string folder) => RunAsync("-o", "remount,ro", folder);

    public static Task MakeWritableAsync(string folder) => RunAsync("-o", "remount,rw", folder);

    private static async Task RunAsync(params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo("mount", arguments) { RedirectStandardError = true })!;
        string errors = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
            throw new IOException($"mount {string.Join(' ', arguments)}: {errors}");
    }
}
