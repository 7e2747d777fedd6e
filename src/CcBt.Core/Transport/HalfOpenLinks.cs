using CcBt.Core.Addressing;

namespace CcBt.Core.Transport;

/// <summary>Counts inbound connections whose handshake has not come, in all and for each global address. Thread-safe.</summary>
internal sealed class HalfOpenLinks
{
    private readonly object _gate = new();
    private readonly Dictionary<PeerAddress, int> _perAddress = [];

    public int Count { get; private set; }

    /// <summary>Counts one more; false when there is no room for it.</summary>
    public bool TryAdd(PeerAddress remote)
    {
        PeerAddress address = remote.WithPort(0);
        lock (_gate)
        {
            int here = _perAddress.GetValueOrDefault(address);
            bool isCrowded = here >= Limits.HalfOpenInboundPerAddress && address.Classify() == AddressClass.Global;
            if (Count >= Limits.HalfOpenInbound || isCrowded)
                return false;
            _perAddress[address] = here + 1;
            Count++;
            return true;
        }
    }

    public void Remove(PeerAddress remote)
    {
        PeerAddress address = remote.WithPort(0);
        lock (_gate)
        {
            if (!_perAddress.TryGetValue(address, out int here))
                return;
            Count--;
            if (here > 1)
                _perAddress[address] = here - 1;
            else
                _perAddress.Remove(address);
        }
    }
}
