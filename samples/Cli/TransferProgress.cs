using System.Text.Json;
using CcBt.Core;
using Spectre.Console;

namespace CcBt.Cli;

/// <summary>Shows a session's progress: events for scripts, live bars on a terminal, a line now and then when piped.</summary>
internal static class TransferProgress
{
    private const int NameWidth = 28;

    /// <summary>Shows until cancelled, and never throws for that.</summary>
    public static async Task ShowAsync(TorrentSession session, Reporter reporter, CancellationToken cancellationToken)
    {
        try
        {
            if (reporter.IsJson || Console.IsOutputRedirected)
                await LinesAsync(session, reporter, reporter.IsJson ? 1 : 5, cancellationToken);
            else
                await BarsAsync(session, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            // That is how it ends.
        }
    }

    /// <summary>Shows a session that seeds, until a signal comes.</summary>
    public static Task SeedAsync(TorrentSession session, Reporter reporter, CancellationToken cancellationToken)
    {
        if (!reporter.IsJson)
            Console.WriteLine("Seeding; end with Ctrl+C");
        return LinesAsync(session, reporter, reporter.IsJson ? 1 : 10, cancellationToken);
    }

    /// <summary>What this process has allocated, and how long collections have stopped it.</summary>
    public static void WriteMemory(Utf8JsonWriter json)
    {
        json.WriteNumber("allocated", GC.GetTotalAllocatedBytes());
        json.WriteNumber("gcPauseMs", Math.Round(GC.GetTotalPauseDuration().TotalMilliseconds, 2));
    }

    private static async Task LinesAsync(TorrentSession session, Reporter reporter, int seconds, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(seconds));
        // A timer that ends is no exception; one that is cancelled is, with a stack trace and the symbols for it.
        using CancellationTokenRegistration end = cancellationToken.UnsafeRegister(static timer => ((PeriodicTimer)timer!).Dispose(), timer);
        TorrentException? told = null;
        while (await timer.WaitForNextTickAsync(CancellationToken.None))
        {
            SessionStatus status = session.Status;
            reporter.Report("progress", Text(status), json => Write(json, status));
            // A session that cannot go on throws by itself; this one still tries.
            if (status.Error is { } error && status.State != SessionState.Faulted && error != told)
                Failures.ReportError(reporter, error);
            told = status.Error;
        }
    }

    private static Task BarsAsync(TorrentSession session, CancellationToken cancellationToken)
        => AnsiConsole.Progress()
            .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn(), new SpinnerColumn())
            .StartAsync(async context =>
            {
                ProgressTask bar = context.AddTask(Markup.Escape(Short(session.Status.Name)), maxValue: 1);
                await foreach (SessionStatus status in session.WatchAsync(cancellationToken))
                {
                    bar.Value = status.State == SessionState.Checking ? status.CheckProgress : status.Progress;
                    bar.Description = Markup.Escape(Caption(status));
                    if (status.IsComplete)
                        return;
                }
            });

    private static string Caption(SessionStatus status) => status.State == SessionState.Downloading
        ? $"{Short(status.Name)} {Sizes.Show(status.DownloadBytesPerSecond)}/s {status.ConnectedPeers} peers"
        : $"{Short(status.Name)} {status.State} {status.ConnectedPeers} peers";

    private static string Short(string name) => name.Length <= NameWidth ? name : name[..(NameWidth - 1)] + "…";

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
        WriteMemory(json);
    }
}
