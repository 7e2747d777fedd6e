using System.Collections.Immutable;
using CcBt.Core.Addressing;

namespace CcBt.Core.Session;

/// <summary>The addresses under which this client itself is reached; never peers. Thread-safe.</summary>
internal sealed class OwnAddresses
{
    private ImmutableHashSet<PeerAddress> _addresses = [];

    public void Add(PeerAddress address) => ImmutableInterlocked.Update(ref _addresses, static (set, a) => set.Add(a), address);

    public bool Contains(PeerAddress address) => _addresses.Contains(address);
}
