using System.Text.Json;
using CcBt.Core;

namespace CcBt.Cli;

/// <summary>Errors as events and as one line on standard error.</summary>
internal static class Errors
{
    public static void Report(Reporter reporter, TorrentException exception)
    {
        reporter.Report("error", null, json => Write(json, exception.Code.ToString(), exception.Message, exception.Place));
        Console.Error.WriteLine($"ccbt: {exception.Message.ReplaceLineEndings(" ")} ({exception.Place})");
    }

    public static void Write(Utf8JsonWriter json, string code, string message, string place)
    {
        json.WriteString("code", code);
        json.WriteString("message", message);
        json.WriteString("place", place);
    }
}
