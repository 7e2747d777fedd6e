using System.Diagnostics;

namespace CcBt.Core.Faults.Network;

/// <summary>Interfaces of this process's network namespace.</summary>
internal static class Interfaces
{
    /// <summary>A pair of which one end is used; it counts as connected while the other end is up.</summary>
    public static async Task AddAsync(string name)
    {
        await RunAsync("link", "add", name, "type", "veth", "peer", "name", name + "-far");
        await RunAsync("link", "set", name + "-far", "up");
    }

    public static Task UpAsync(string name) => RunAsync("link", "set", name, "up", "multicast", "on");

    public static Task DownAsync(string name) => RunAsync("link", "set", name, "down");

    public static Task AddAddressAsync(string name, string address) => RunAsync("addr", "add", address, "dev", name);

    public static Task RemoveAddressAsync(string name, string address) => RunAsync("addr", "del", address, "dev", name);

    private static async Task RunAsync(params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo("ip", arguments) { RedirectStandardError = true })!;
        string errors = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
            throw new IOException($"ip {string.Join(' ', arguments)}: {errors}");
    }
}
