using CcBt.Core.Addressing;

namespace CcBt.Core.Simulation.Net;

/// <summary>
/// The router in front of a host. Datagrams leave from other ports than the host's own, and come back through them only as its kind has it; what is not used for
/// a minute is forgotten. Nobody outside can open a stream.
/// </summary>
internal sealed class SimNat(NatKind kind)
{
    private static readonly TimeSpan s_memory = TimeSpan.FromSeconds(60);
    private const ushort FirstPort = 40_000;
    private const int SweepEvery = 256;

    private readonly Dictionary<PeerAddress, NatMapping> _byPurpose = [];
    private readonly Dictionary<ushort, NatMapping> _byPort = [];
    private ushort _lastPort = FirstPort;
    private int _made;

    public NatKind Kind => kind;

    /// <summary>Outer ports that are in use.</summary>
    public int Count => _byPort.Count;

    /// <summary>A datagram leaves: the port that its destination sees it come from.</summary>
    public ushort Leave(PeerAddress to, TimeSpan now)
    {
        PeerAddress purpose = kind == NatKind.Symmetric ? to : default;
        if (!_byPurpose.TryGetValue(purpose, out NatMapping? mapping) || now - mapping.UsedAt > s_memory)
            mapping = Map(purpose, now);
        mapping.UsedAt = now;
        mapping.Contacts[Known(to)] = now;
        return mapping.Port;
    }

    /// <summary>Whether a datagram to an outer port gets in.</summary>
    public bool Admits(ushort port, PeerAddress from, TimeSpan now)
    {
        if (!_byPort.TryGetValue(port, out NatMapping? mapping) || now - mapping.UsedAt > s_memory)
            return false;
        return kind == NatKind.FullCone || mapping.Contacts.TryGetValue(Known(from), out TimeSpan at) && now - at <= s_memory;
    }

    /// <summary>The router was started anew, or has another address.</summary>
    public void Forget()
    {
        _byPurpose.Clear();
        _byPort.Clear();
    }

    private PeerAddress Known(PeerAddress other) => kind == NatKind.AddressRestricted ? other.WithPort(0) : other;

    private NatMapping Map(PeerAddress purpose, TimeSpan now)
    {
        if (_byPurpose.TryGetValue(purpose, out NatMapping? old))
            _byPort.Remove(old.Port);
        if (++_made % SweepEvery == 0)
            Sweep(now);
        do
            _lastPort = _lastPort == ushort.MaxValue ? FirstPort : (ushort)(_lastPort + 1);
        while (_byPort.ContainsKey(_lastPort));
        var mapping = new NatMapping(_lastPort);
        _byPurpose[purpose] = mapping;
        _byPort[_lastPort] = mapping;
        return mapping;
    }

    private void Sweep(TimeSpan now)
    {
        foreach ((PeerAddress purpose, NatMapping mapping) in _byPurpose)
        {
            if (now - mapping.UsedAt <= s_memory)
                continue;
            // Removing does not disturb the enumeration of a dictionary.
            _byPurpose.Remove(purpose);
            _byPort.Remove(mapping.Port);
        }
    }
}
