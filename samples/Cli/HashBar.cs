using CcBt.Core;
using Spectre.Console;

namespace CcBt.Cli;

/// <summary>A progress bar for hashing, on a terminal.</summary>
internal static class HashBar
{
    public static async Task<T> RunAsync<T>(string title, bool isShown, Func<IProgress<HashProgress>?, Task<T>> hash)
    {
        if (!isShown)
            return await hash(null);
        return await AnsiConsole.Progress().AutoClear(true)
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .StartAsync(context => hash(new Bar(context.AddTask(title, maxValue: 1))));
    }

    private sealed class Bar(ProgressTask task) : IProgress<HashProgress>
    {
        public void Report(HashProgress value) => task.Value = value.BytesTotal == 0 ? 1 : (double)value.BytesDone / value.BytesTotal;
    }
}
