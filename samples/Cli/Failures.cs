using System.Net.Sockets;
using System.Text.Json;
using CcBt.Core;

namespace CcBt.Cli;

/// <summary>What went wrong: one line on standard error, an exit code, and an event when it was not the input's fault.</summary>
internal static class Failures
{
    /// <summary>Says why the input is refused.</summary>
    public static int Refuse(string message)
    {
        Console.Error.WriteLine($"ccbt: {OneLine(message)}");
        return ExitCodes.Usage;
    }

    public static int Report(Reporter reporter, Exception exception) => exception switch
    {
        UsageException or TorrentFormatException => Refuse(exception.Message),
        TorrentStateException { Code: TorrentErrorCode.UnsupportedTorrent } => Refuse(exception.Message),
        ArgumentException argument => Refuse(WithoutParameter(argument)),
        OperationCanceledException => Tell(reporter, "Interrupted", "Interrupted; running it again goes on from here.", "ccbt"),
        TorrentException torrent => ReportError(reporter, torrent),
        IOException or UnauthorizedAccessException => Tell(reporter, nameof(TorrentErrorCode.StorageFailure), exception.Message, "file system"),
        _ => Tell(reporter, nameof(TorrentErrorCode.Unknown), $"This should not happen ({exception.GetType().Name}): {exception.Message}", exception.Source ?? "ccbt"),
    };

    /// <summary>Reports an error that may not be the end of the command.</summary>
    public static int ReportError(Reporter reporter, TorrentException exception)
        => Tell(reporter, exception.Code.ToString(), MessageOf(exception), exception.Place);

    /// <summary>Reports an error by its parts.</summary>
    public static int Tell(Reporter reporter, string code, string message, string place)
    {
        reporter.Report("error", null, json => Write(json, code, message, place));
        string where = message.Contains(place, StringComparison.Ordinal) || place == "ccbt" ? "" : $" ({place})";
        Console.Error.WriteLine($"ccbt: {OneLine(message + where)}");
        return ExitCodes.Failed;
    }

    private static void Write(Utf8JsonWriter json, string code, string message, string place)
    {
        json.WriteString("code", code);
        json.WriteString("message", message);
        json.WriteString("place", place);
    }

    /// <summary>The library names its own options; people know those of the command line.</summary>
    private static string MessageOf(TorrentException exception) => exception is { Code: TorrentErrorCode.BindFailed, InnerException: SocketException socket }
        ? $"--listen: {exception.Place} cannot be listened on: {socket.Message}. Choose another address or port, or port 0."
        : exception.Message;

    private static string WithoutParameter(ArgumentException exception)
        => exception.ParamName is { } name ? exception.Message.Replace($" (Parameter '{name}')", "", StringComparison.Ordinal) : exception.Message;

    private static string OneLine(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
