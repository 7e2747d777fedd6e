using System.CommandLine;
using System.Net;
using System.Net.Sockets;
using CcBt.Core;

namespace CcBt.Cli;

/// <summary>The network options that download and seed share.</summary>
internal sealed class NetworkOptions
{
    private readonly Option<string[]> _peer = new("--peer") { HelpName = "HOST:PORT", Description = "A peer that is known from the beginning; may be repeated." };
    private readonly Option<string[]> _router = new("--dht-router") { HelpName = "HOST:PORT", Description = "A node to join the DHT through, in place of the public ones; may be repeated." };
    private readonly Option<bool> _noDht = new("--no-dht") { Description = "Do not search the distributed hash table." };
    private readonly Option<bool> _noLsd = new("--no-lsd") { Description = "Do not search the local network." };
    private readonly Option<bool> _noTrackers = new("--no-trackers") { Description = "Do not ask trackers." };
    private readonly Option<string[]> _listen = new("--listen") { HelpName = "IP:PORT", Description = "An address to listen on; port 0 lets the system choose; may be repeated." };
    private readonly Option<string> _transport = new("--transport") { HelpName = "tcp|any", Description = "The transport for peers.", DefaultValueFactory = _ => "any" };
    private readonly Option<string?> _down = new("--down") { HelpName = "RATE", Description = "The most bytes received per second, such as 500K or 2M; 0 is no limit." };
    private readonly Option<string?> _up = new("--up") { HelpName = "RATE", Description = "The most bytes sent per second; 0 is no limit." };
    private readonly Option<string?> _state = new("--state") { HelpName = "DIR", Description = "Where it is kept what is known and done, so that another run goes on from there." };

    public NetworkOptions(Command command)
    {
        foreach (Option option in (Option[])[_peer, _router, _noDht, _noLsd, _noTrackers, _listen, _transport, _down, _up, _state])
            command.Options.Add(option);
    }

    public TorrentClientOptions Client(ParseResult parsed)
    {
        var defaults = new TorrentClientOptions();
        bool dht = !parsed.GetValue(_noDht), lsd = !parsed.GetValue(_noLsd), trackers = !parsed.GetValue(_noTrackers);
        if (parsed.GetValue(_transport) is not ("tcp" or "any"))
            throw new UsageException($"--transport: '{parsed.GetValue(_transport)}' is not offered; choose tcp or any.");
        if (parsed.GetValue(_state) is { } state)
            Inputs.RequireWritableFolder(state, "--state");
        return defaults with
        {
            EnableDht = dht,
            EnableLocalDiscovery = lsd,
            EnableTrackers = trackers,
            // With every search switched off, only the addresses that were given are to be contacted.
            EnablePeerExchange = dht || lsd || trackers,
            DhtRouters = parsed.GetValue(_router) is { Length: > 0 } routers ? [.. routers.Select(r => Router(r, "--dht-router"))] : defaults.DhtRouters,
            ListenEndPoints = parsed.GetValue(_listen) is { Length: > 0 } listen ? [.. listen.Select(ParseListen)] : defaults.ListenEndPoints,
            DownloadBytesPerSecond = Rate(parsed.GetValue(_down), "--down"),
            UploadBytesPerSecond = Rate(parsed.GetValue(_up), "--up"),
            StateDirectory = parsed.GetValue(_state),
            // A command is about what it names; whatever else is kept there stays as it is.
            RestoreSessions = false,
        };
    }

    public async Task<IReadOnlyList<IPEndPoint>> PeersAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var peers = new List<IPEndPoint>();
        foreach (string text in parsed.GetValue(_peer) ?? [])
            peers.AddRange(await ResolveAsync(text, cancellationToken));
        return peers;
    }

    public static string Router(string text, string option)
        => HostAndPort.TryParse(text, out _) ? text : throw new UsageException($"{option}: '{text}' is not of the form HOST:PORT.");

    private static IPEndPoint ParseListen(string text)
        => IPEndPoint.TryParse(text, out IPEndPoint? endPoint) && text.Contains(':')
            && (endPoint.AddressFamily == AddressFamily.InterNetworkV6) == text.Contains("]:", StringComparison.Ordinal)
            ? endPoint
            : throw new UsageException($"--listen: '{text}' is not of the form IP:PORT (IPv6: [IP]:PORT).");

    private static async Task<IEnumerable<IPEndPoint>> ResolveAsync(string text, CancellationToken cancellationToken)
    {
        if (!HostAndPort.TryParse(text, out HostAndPort peer))
            throw new UsageException($"--peer: '{text}' is not of the form HOST:PORT.");
        try
        {
            IPAddress[] addresses = await Dns.GetHostAddressesAsync(peer.Host, cancellationToken);
            return addresses.Select(a => new IPEndPoint(a, peer.Port));
        }
        catch (Exception exception) when (exception is SocketException or ArgumentException)
        {
            throw new UsageException($"--peer: the host of '{text}' is not known.");
        }
    }

    private static long Rate(string? text, string option) => text is null ? 0 : Sizes.Parse(text, option);
}
