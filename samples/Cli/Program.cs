using System.CommandLine;
using CcBt.Cli;
using CcBt.Core;

var root = new RootCommand("BitTorrent on the command line.")
{
    DownloadCommand.Create(),
    SeedCommand.Create(),
    CreateCommand.Create(),
    VerifyCommand.Create(),
    ShowCommand.Create(),
    DhtCommand.Create(),
};
ParseResult parsed = root.Parse(args);
if (parsed.Errors.Count > 0)
{
    await Console.Error.WriteLineAsync($"ccbt: {parsed.Errors[0].Message.ReplaceLineEndings(" ")} See 'ccbt --help'.");
    return ExitCodes.Usage;
}
try
{
    return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
}
catch (Exception exception) when (exception is UsageException or TorrentFormatException or ArgumentException or FileNotFoundException or DirectoryNotFoundException)
{
    await Console.Error.WriteLineAsync($"ccbt: {exception.Message.ReplaceLineEndings(" ")}");
    return ExitCodes.Usage;
}
catch (Exception exception) when (exception is TorrentException or IOException or UnauthorizedAccessException)
{
    await Console.Error.WriteLineAsync($"ccbt: {exception.Message.ReplaceLineEndings(" ")}");
    return ExitCodes.Failed;
}
