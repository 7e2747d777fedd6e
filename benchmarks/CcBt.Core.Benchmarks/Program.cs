using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using CcBt.Core.Benchmarks;
using Perfolizer.Horology;

if (args is ["idle", ..])
{
    await IdleTorrents.RunAsync(args.Length > 1 ? int.Parse(args[1]) : 1000);
    return;
}
if (args is ["sha1"])
{
    HashLimit.Run();
    return;
}

// In process: the benchmarks reach internals, and nothing has to be built a second time. A second of warming up, in which the runtime
// compiles what is hot for the last time: shorter ones measured the code before that.
IConfig config = DefaultConfig.Instance
    .AddJob(Job.ShortRun.WithWarmupCount(10).WithIterationTime(TimeInterval.FromMilliseconds(100)).WithToolchain(InProcessEmitToolchain.Instance))
    .AddDiagnoser(MemoryDiagnoser.Default)
    .WithOptions(ConfigOptions.JoinSummary | ConfigOptions.DisableLogFile);
BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args.Length == 0 ? ["--filter", "*"] : args, config);
