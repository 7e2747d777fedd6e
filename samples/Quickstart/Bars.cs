using CcBt.Core;
using Spectre.Console;

namespace CcBt.Quickstart;

/// <summary>Live progress bars; plain lines where the output is no terminal.</summary>
internal static class Bars
{
    public static async Task ShowAsync(TorrentSession session)
    {
        if (Console.IsOutputRedirected)
        {
            await foreach (SessionStatus status in session.WatchAsync())
            {
                Console.WriteLine($"{status.State}: {status.Progress:P0}, {status.ConnectedPeers} peers");
                if (status.IsComplete)
                    return;
            }
            return;
        }
        await AnsiConsole.Progress()
            .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn(), new SpinnerColumn())
            .StartAsync(async context =>
            {
                ProgressTask bar = context.AddTask("waiting for peers", maxValue: 1);
                await foreach (SessionStatus status in session.WatchAsync())
                {
                    bar.Description = Markup.Escape($"{status.Name}: {status.State}, {status.DownloadBytesPerSecond >> 20} MiB/s, {status.ConnectedPeers} peers");
                    bar.Value = status.Progress;
                    if (status.IsComplete)
                        return;
                }
            });
    }
}
