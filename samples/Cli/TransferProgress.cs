using System.Text.Json;
using CcBt.Core;
using Spectre.Console;

namespace CcBt.Cli;

/// <summary>Shows a session's progress until cancelled: events for scripts, live bars on a terminal, a line now and then when piped.</summary>
internal static class TransferProgress
{
    public static Task ShowAsync(TorrentSession session, Reporter reporter, CancellationToken cancellationToken)
        => reporter.IsJson || Console.IsOutputRedirected
            ? LinesAsync(session, reporter, cancellationToken)
            : BarsAsync(session, cancellationToken);

    private static async Task LinesAsync(TorrentSession session, Reporter reporter, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(reporter.IsJson ? 1 : 5));
        try
        {
            while (await timer.WaitForNextTickAsync(cancellationToken))
            {
                SessionStatus status = session.Status;
                reporter.Report("progress", Text(status), json => Write(json, status));
            }
        }
        catch (OperationCanceledException)
        {
        }
    }

    private static async Task BarsAsync(TorrentSession session, CancellationToken cancellationToken)
    {
        await AnsiConsole.Progress()
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new SpinnerColumn())
            .StartAsync(async context =>
            {
                ProgressTask bar = context.AddTask(Markup.Escape(session.Status.Name), maxValue: 1);
                try
                {
                    await foreach (SessionStatus status in session.WatchAsync(cancellationToken))
                    {
                        bar.Value = status.State == SessionState.Checking ? status.CheckProgress : status.Progress;
                        bar.Description = Markup.Escape(Text(status));
                        if (status.IsComplete)
                            return;
                    }
                }
                catch (OperationCanceledException)
                {
                }
            });
    }

    private static string Text(SessionStatus status)
        => $"{status.Name}: {status.State}, {Sizes.Show(status.VerifiedBytes)} of {Sizes.Show(status.SelectedBytes)}, down {Sizes.Show(status.DownloadBytesPerSecond)}/s, up {Sizes.Show(status.UploadBytesPerSecond)}/s, {status.ConnectedPeers} peers";

    private static void Write(Utf8JsonWriter json, SessionStatus status)
    {
        json.WriteString("state", status.State.ToString());
        json.WriteNumber("bytes", status.VerifiedBytes);
        json.WriteNumber("total", status.SelectedBytes);
        json.WriteNumber("downBytesPerSecond", status.DownloadBytesPerSecond);
        json.WriteNumber("upBytesPerSecond", status.UploadBytesPerSecond);
        json.WriteNumber("peers", status.ConnectedPeers);
        json.WriteNumber("seeds", status.ConnectedSeeds);
        json.WriteNumber("known", status.KnownPeers);
        json.WriteNumber("downloaded", status.DownloadedBytes);
        json.WriteNumber("uploaded", status.UploadedBytes);
        json.WriteNumber("wasted", status.WastedBytes);
    }
}
