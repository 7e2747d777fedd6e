using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace CcBt.Core.Interop.ExternalClients;

/// <summary>The network of the interop tests: only lo, with 10.77.0.0/16 on it, so that nothing can leave the machine.</summary>
internal static class PrivateNetwork
{
    private static int _lastHost = 1;

    public static bool IsHere { get; } = NetworkInterface.GetAllNetworkInterfaces() is [{ NetworkInterfaceType: NetworkInterfaceType.Loopback } only]
        && only.GetIPProperties().UnicastAddresses.Any(a => a.Address.AddressFamily == AddressFamily.InterNetwork && a.Address.ToString().StartsWith("10.77.", StringComparison.Ordinal));

    /// <summary>An address that nobody else in this process was given.</summary>
    public static string NextAddress()
    {
        int host = Interlocked.Increment(ref _lastHost);
        return $"10.77.{1 + host / 250}.{1 + host % 250}";
    }

    /// <summary>The first of a run of consecutive addresses that nobody else was given.</summary>
    public static string[] NextAddresses(int count) => [.. Enumerable.Range(0, count).Select(_ => NextAddress())];
}
