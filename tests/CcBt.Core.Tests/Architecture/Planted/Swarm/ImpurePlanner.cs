using System.Diagnostics;
using System.Net.Sockets;

namespace CcBt.Core.Tests.Architecture.Planted.Swarm;

/// <summary>Does everything that a pure room may not: the architecture test must find each.</summary>
internal sealed class ImpurePlanner
{
    private readonly object _gate = new();

    public static async Task<int> Waits() => await Task.FromResult(1);

    public static Socket Connects() => new(SocketType.Stream, ProtocolType.Tcp);

    public static byte[] Reads(string path) => File.ReadAllBytes(path);

    public static FileStream Opens(string path) => new(path, FileMode.Open);

    public static TimeSpan Measures() => Stopwatch.StartNew().Elapsed;

    public static long Clock(TimeProvider time) => DateTime.UtcNow.Ticks + Environment.TickCount64 + time.GetTimestamp();

    public static int Rolls() => Random.Shared.Next() + new Random().Next();

    public static Timer Timers() => new(_ => { });

    public static Thread Threads() => new(() => { });

    public static Func<int> Closure(int seed) => () => seed + Random.Shared.Next();

    public void Locks()
    {
        lock (_gate)
            Planner.Later(default, new Random(1));
    }
}
