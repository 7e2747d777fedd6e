using CcBt.Core.Addressing;

namespace CcBt.Core.Session;

/// <summary>The addresses under which this client itself is reached, a few; never peers. Thread-safe.</summary>
internal sealed class OwnAddresses
{
    private readonly object _gate = new();
    private volatile PeerAddress[] _addresses = [];

    public void Add(PeerAddress address)
    {
        lock (_gate)
        {
            if (_addresses.Length < Limits.OwnAddresses && !Contains(address))
                _addresses = [.. _addresses, address];
        }
    }

    public bool Contains(PeerAddress address)
    {
        foreach (PeerAddress own in _addresses)
        {
            if (own == address)
                return true;
        }
        return false;
    }
}
