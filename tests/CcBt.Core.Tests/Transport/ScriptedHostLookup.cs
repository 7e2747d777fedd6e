using System.Net;
using System.Net.Sockets;
using CcBt.Core.Transport;

namespace CcBt.Core.Tests.Transport;

/// <summary>Answers look-ups from a script and counts them; hosts without an entry are not found.</summary>
internal sealed class ScriptedHostLookup : IHostLookup
{
    private readonly Dictionary<string, Func<Task<IPAddress[]>>> _hosts = [];
    private int _calls;

    public int Calls => Volatile.Read(ref _calls);

    public ScriptedHostLookup Host(string host, params string[] addresses)
        => Host(host, () => Task.FromResult(Array.ConvertAll(addresses, IPAddress.Parse)));

    public ScriptedHostLookup Host(string host, Func<Task<IPAddress[]>> answer)
    {
        lock (_hosts)
            _hosts[host] = answer;
        return this;
    }

    public Task<IPAddress[]> LookUpAsync(string host, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _calls);
        Func<Task<IPAddress[]>>? answer;
        lock (_hosts)
            _hosts.TryGetValue(host, out answer);
        return answer?.Invoke() ?? Task.FromException<IPAddress[]>(new SocketException((int)SocketError.HostNotFound));
    }
}
