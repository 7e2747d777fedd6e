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

// In process: the benchmarks reach internals, and nothing has to be built a second time.
IConfig config = DefaultConfig.Instance
    .AddJob(Job.ShortRun.WithIterationTime(TimeInterval.FromMilliseconds(50)).WithToolchain(InProcessEmitToolchain.Instance))
    .AddDiagnoser(MemoryDiagnoser.Default)
    .WithOptions(ConfigOptions.JoinSummary | ConfigOptions.DisableLogFile);
BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args.Length == 0 ? ["--filter", "*"] : args, config);
