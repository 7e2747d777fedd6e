using BenchmarkDotNet.Attributes;
using CcBt.Core.Session;

namespace CcBt.Core.Benchmarks;

/// <summary>The two doors of a gate that has started: what every further discovery and call costs.</summary>
public class StartGateBenchmarks
{
    private StartGate _gate = null!;

    [GlobalSetup]
    public void Setup()
    {
        _gate = new StartGate(static _ => Task.CompletedTask, new StartGateOptions());
        _gate.StartAsync().GetAwaiter().GetResult();
    }

    [Benchmark]
    public bool StartAsync() => _gate.StartAsync().IsCompletedSuccessfully;

    [Benchmark]
    public int Knock() => (int)_gate.Knock(KnockSource.Dht);
}
