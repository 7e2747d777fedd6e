using System.CommandLine;
using CcBt.Cli;

using var interrupt = new Interrupt();
var root = new RootCommand("BitTorrent on the command line.")
{
    DownloadCommand.Create(),
    SeedCommand.Create(),
    CreateCommand.Create(),
    VerifyCommand.Create(),
    ShowCommand.Create(),
    DhtCommand.Create(),
};
// A torrent may be called @name: no argument stands for a file of arguments.
ParseResult parsed = root.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
if (parsed.Errors.Count > 0)
{
    string why = parsed.UnmatchedTokens is [string unknown, ..] ? $"'{unknown}' is not known here." : parsed.Errors[0].Message;
    return Failures.Refuse($"{why} See 'ccbt --help'.");
}
try
{
    return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null }, interrupt.Token);
}
catch (Exception exception)
{
    // Whatever it is, people get one line and scripts an exit code.
    return Failures.Report(new Reporter(args.Contains("--json")), exception);
}
