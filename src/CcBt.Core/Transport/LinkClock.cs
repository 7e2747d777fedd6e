namespace CcBt.Core.Transport;

/// <summary>
/// When things last happened on a link, in ticks of the sweep (seconds), written by its loops and read by the sweep. Races cost
/// one tick at most.
/// </summary>
internal sealed class LinkClock(LinkSweep sweep)
{
    private int _phase;
    private int _phaseSince = sweep.Tick;
    private int _lastReceive = sweep.Tick;
    private int _lastSend = sweep.Tick;
    private int _messageSince = -1;
    private long _messageCount = -1;
    private int _windowTick;
    private int _windowBytes;
    private int _sendSince = -1;
    private bool _isHeld;

    public LinkPhase Phase => (LinkPhase)Volatile.Read(ref _phase);

    public int SecondsInPhase => sweep.Tick - Volatile.Read(ref _phaseSince);

    public void Enter(LinkPhase phase)
    {
        Volatile.Write(ref _phaseSince, sweep.Tick);
        Volatile.Write(ref _lastReceive, sweep.Tick);
        Volatile.Write(ref _phase, (int)phase);
    }

    /// <summary>Bytes came; returns how many came within the running second.</summary>
    public int Received(int count, bool isMidMessage, long messageCount)
    {
        int now = sweep.Tick;
        Volatile.Write(ref _lastReceive, now);
        if (!isMidMessage)
            Volatile.Write(ref _messageSince, -1);
        else if (_messageSince < 0 || messageCount != _messageCount)
            Volatile.Write(ref _messageSince, now);
        _messageCount = messageCount;
        if (_windowTick != now)
        {
            _windowTick = now;
            _windowBytes = 0;
        }
        return _windowBytes += count;
    }

    public void SendBegins() => Volatile.Write(ref _sendSince, sweep.Tick);

    public void Sent()
    {
        Volatile.Write(ref _sendSince, -1);
        Volatile.Write(ref _lastSend, sweep.Tick);
    }

    /// <summary>We do not read by our own will (a rate limit, a slow owner): the peer's silence is not its fault.</summary>
    public void Hold() => Volatile.Write(ref _isHeld, true);

    public void Resume()
    {
        Volatile.Write(ref _lastReceive, sweep.Tick);
        if (_messageSince >= 0)
            Volatile.Write(ref _messageSince, sweep.Tick);
        Volatile.Write(ref _isHeld, false);
    }

    /// <summary>Whether the link has run out of time, and why.</summary>
    public LinkCloseReason? Expired()
    {
        int now = sweep.Tick;
        switch (Phase)
        {
            case LinkPhase.Connecting:
                return SecondsInPhase >= Limits.ConnectSeconds ? LinkCloseReason.ConnectTimeout : null;
            case LinkPhase.Handshaking:
                return SecondsInPhase >= Limits.HandshakeSeconds ? LinkCloseReason.HandshakeTimeout : null;
            default:
                int send = Volatile.Read(ref _sendSince);
                if (send >= 0 && now - send >= Limits.MessageSeconds)
                    return LinkCloseReason.MessageTimeout;
                if (Volatile.Read(ref _isHeld))
                    return null;
                int message = Volatile.Read(ref _messageSince);
                if (message >= 0 && now - message >= Limits.MessageSeconds)
                    return LinkCloseReason.MessageTimeout;
                return now - Volatile.Read(ref _lastReceive) >= Limits.IdleSeconds ? LinkCloseReason.Idle : null;
        }
    }

    public bool NeedsKeepAlive => Phase == LinkPhase.Running && sweep.Tick - Volatile.Read(ref _lastSend) >= Limits.KeepAliveSeconds;
}
