using CcBt.Core;

namespace CcBt.Cli;

/// <summary>Opens clients that run what this command asks for and nothing else.</summary>
internal static class Clients
{
    /// <summary>
    /// Opens a client. Sessions that the state folder brings back are put aside: their state stays there, and the one that the command
    /// is about goes on from it when it is added.
    /// </summary>
    public static async Task<TorrentClient> OpenAsync(TorrentClientOptions options, CancellationToken cancellationToken)
    {
        TorrentClient client = await TorrentClient.OpenAsync(options, cancellationToken);
        foreach (TorrentSession restored in client.Sessions)
            await restored.DisposeAsync();
        return client;
    }
}
