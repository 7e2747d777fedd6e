using System.Net;
using System.Net.Sockets;
using CcBt.Core.Addressing;

namespace CcBt.Core.Transport;

/// <summary>
/// Host names to addresses, cached. Thread-safe. Callers that ask for one host share one look-up, and leave it when their token says so; at most two look-ups
/// are under way, since each blocks a thread of the system's. When a name can no longer be looked up, its former addresses are used on.
/// </summary>
internal sealed class HostResolver(IHostLookup lookup, TimeProvider time) : IDisposable
{
    private readonly object _gate = new();
    private readonly Dictionary<string, HostEntry> _entries = new(StringComparer.OrdinalIgnoreCase);
    private readonly SemaphoreSlim _slots = new(Limits.HostLookups);
    private readonly CancellationTokenSource _closing = new();
    private readonly long _start = time.GetTimestamp();

    /// <summary>The host's addresses with the port set, or none when it has none; an address literal is its own.</summary>
    public async ValueTask<IReadOnlyList<PeerAddress>> ResolveAsync(string host, ushort port, CancellationToken cancellationToken)
    {
        if (IPAddress.TryParse(host, out IPAddress? literal))
            return [PeerAddress.From(new IPEndPoint(literal, port))];
        Task<PeerAddress[]> addresses;
        lock (_gate)
        {
            HostEntry entry = Entry(host);
            if (entry.Pending is null && Now < entry.FreshUntil)
                return WithPort(entry.Addresses, port);
            addresses = entry.Pending ??= Task.Run(() => LookUpAsync(host, entry), CancellationToken.None);
        }
        return WithPort(await addresses.WaitAsync(cancellationToken).ConfigureAwait(false), port);
    }

    public void Dispose() => _closing.Cancel();

    private TimeSpan Now => time.GetElapsedTime(_start);

    private async Task<PeerAddress[]> LookUpAsync(string host, HostEntry entry)
    {
        PeerAddress[] found = [];
        try
        {
            await _slots.WaitAsync(_closing.Token).ConfigureAwait(false);
            try
            {
                IPAddress[] addresses = await lookup.LookUpAsync(host, _closing.Token).ConfigureAwait(false);
                found = [.. addresses.Take(Limits.HostAddresses).Select(address => PeerAddress.From(new IPEndPoint(address, 0))).Distinct()];
            }
            finally
            {
                _slots.Release();
            }
        }
        catch (Exception exception) when (exception is SocketException or ArgumentException or OperationCanceledException)
        {
            // Not found, or a name that no resolver takes: the entry below keeps what was known before.
        }
        lock (_gate)
        {
            bool isFound = found.Length > 0;
            if (isFound)
                entry.Addresses = found;
            entry.FreshUntil = Now + TimeSpan.FromSeconds(isFound ? Limits.HostCacheSeconds : Limits.HostFailureSeconds);
            entry.Pending = null;
            return entry.Addresses;
        }
    }

    private HostEntry Entry(string host)
    {
        if (_entries.TryGetValue(host, out HostEntry? entry))
            return entry;
        if (_entries.Count >= Limits.HostCacheEntries)
            _entries.Remove(_entries.MinBy(pair => pair.Value.Pending is null ? pair.Value.FreshUntil : TimeSpan.MaxValue).Key);
        entry = new HostEntry();
        _entries.Add(host, entry);
        return entry;
    }

    private static PeerAddress[] WithPort(PeerAddress[] addresses, ushort port) => Array.ConvertAll(addresses, address => address.WithPort(port));

    private sealed class HostEntry
    {
        public PeerAddress[] Addresses { get; set; } = [];

        public TimeSpan FreshUntil { get; set; } = TimeSpan.MinValue;

        public Task<PeerAddress[]>? Pending { get; set; }
    }
}
