using System.CommandLine;
using System.Net;
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
    private readonly Option<string?> _down = new("--down") { HelpName = "RATE", Description = "The most bytes received per second, such as 500K or 2M." };
    private readonly Option<string?> _up = new("--up") { HelpName = "RATE", Description = "The most bytes sent per second." };
    private readonly Option<string?> _state = new("--state") { HelpName = "DIR", Description = "Where sessions are kept between runs." };

    public NetworkOptions(Command command)
    {
        _transport.AcceptOnlyFromAmong("tcp", "any");
        foreach (Option option in (Option[])[_peer, _router, _noDht, _noLsd, _noTrackers, _listen, _transport, _down, _up, _state])
            command.Options.Add(option);
    }

    public TorrentClientOptions Client(ParseResult parsed)
    {
        var defaults = new TorrentClientOptions();
        string[] routers = parsed.GetValue(_router) ?? [];
        return defaults with
        {
            EnableDht = !parsed.GetValue(_noDht),
            EnableLocalDiscovery = !parsed.GetValue(_noLsd),
            EnableTrackers = !parsed.GetValue(_noTrackers),
            DhtRouters = routers.Length > 0 ? routers : defaults.DhtRouters,
            ListenEndPoints = parsed.GetValue(_listen) is { Length: > 0 } listen ? [.. listen.Select(ParseListen)] : defaults.ListenEndPoints,
            DownloadBytesPerSecond = Rate(parsed.GetValue(_down), "--down"),
            UploadBytesPerSecond = Rate(parsed.GetValue(_up), "--up"),
            StateDirectory = parsed.GetValue(_state),
        };
    }

    public async Task<IReadOnlyList<IPEndPoint>> PeersAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var peers = new List<IPEndPoint>();
        foreach (string text in parsed.GetValue(_peer) ?? [])
            peers.AddRange(await ResolveAsync(text, cancellationToken));
        return peers;
    }

    private static IPEndPoint ParseListen(string text)
        => IPEndPoint.TryParse(text, out IPEndPoint? endPoint) && text.Contains(':')
            ? endPoint
            : throw new UsageException($"--listen: '{text}' is not of the form IP:PORT.");

    private static async Task<IEnumerable<IPEndPoint>> ResolveAsync(string text, CancellationToken cancellationToken)
    {
        if (IPEndPoint.TryParse(text, out IPEndPoint? endPoint) && endPoint.Port != 0)
            return [endPoint];
        int colon = text.LastIndexOf(':');
        if (colon <= 0 || !ushort.TryParse(text.AsSpan(colon + 1), out ushort port) || port == 0)
            throw new UsageException($"--peer: '{text}' is not of the form HOST:PORT.");
        try
        {
            IPAddress[] addresses = await Dns.GetHostAddressesAsync(text[..colon], cancellationToken);
            return addresses.Select(a => new IPEndPoint(a, port));
        }
        catch (System.Net.Sockets.SocketException)
        {
            throw new UsageException($"--peer: the host of '{text}' is not known.");
        }
    }

    private static long Rate(string? text, string option) => text is null ? 0 : Sizes.Parse(text, option);
}
