using System.Net;

namespace CcBt.Core.Transport;

/// <summary>The operating system's resolver.</summary>
internal sealed class SystemHostLookup : IHostLookup
{
    public Task<IPAddress[]> LookUpAsync(string host, CancellationToken cancellationToken) => Dns.GetHostAddressesAsync(host, cancellationToken);
}
