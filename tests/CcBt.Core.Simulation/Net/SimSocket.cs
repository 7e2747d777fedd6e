using CcBt.Core.Addressing;
using CcBt.Core.Simulation.Time;

namespace CcBt.Core.Simulation.Net;

/// <summary>One end of a stream: bytes arrive in order, after the line's time and the latency; a reader that does not read stops the sender.</summary>
internal sealed class SimSocket(SimNetwork network, SimHost local, SimHost remote, PeerAddress remoteAddress)
{
    private const int Window = 256 << 10;

    private readonly Queue<ReadOnlyMemory<byte>> _arrived = new();
    private readonly PeerAddress _localAddress = local.Address;
    private TimeSpan _lastArrival;
    private bool _isPaused;
    private bool _isReadingOver;
    private bool _mustFinish;
    private bool _isBroken;

    public PeerAddress RemoteAddress => remoteAddress;

    /// <summary>The address that the stream was opened from.</summary>
    public PeerAddress LocalAddress => _localAddress;

    public SimSocket Other { get; set; } = null!;

    public ISocketUser User { get; set; } = null!;

    public bool IsOpen { get; private set; } = true;

    /// <summary>Bytes that wait for the line.</summary>
    public int Backlog { get; private set; }

    /// <summary>Bytes that the other end has not read.</summary>
    public int Unread { get; private set; }

    public bool CanSend => IsOpen && Backlog == 0 && Unread < Window;

    private World World => network.World;

    /// <summary>The machine has another address since; the other end knows nothing of that.</summary>
    private bool IsStranded => local.Address != _localAddress;

    private bool IsFrozen => local.FrozenUntil > World.Now;

    public void Send(ReadOnlyMemory<byte> bytes)
    {
        if (!IsOpen || _isBroken || bytes.Length == 0)
            return;
        if (network.Sends.Strikes())
        {
            _isBroken = true;
            World.After(TimeSpan.Zero, Break);
            return;
        }
        Backlog += bytes.Length;
        Unread += bytes.Length;
        local.StreamBytesSent += bytes.Length;
        TimeSpan departs = network.Occupy(local, bytes.Length);
        World.At(departs, () => Departed(bytes));
    }

    /// <summary>Ends the stream; the other end hears of it behind what was sent, or at once when it is reset.</summary>
    public void Close(bool isReset)
    {
        if (!IsOpen)
            return;
        IsOpen = false;
        _arrived.Clear();
        _mustFinish = Backlog > 0 && !isReset;
        if (!_mustFinish)
            SendEnd(isReset);
    }

    /// <summary>The machine lost power: nobody says anything to the other end but, when it next sends, a reset.</summary>
    public void Vanish()
    {
        IsOpen = false;
        _arrived.Clear();
    }

    /// <summary>Nothing is read until <see cref="Resume"/>.</summary>
    public void Pause() => _isPaused = true;

    public void Resume()
    {
        _isPaused = false;
        Read();
    }

    /// <summary>The machine runs again: what has arrived meanwhile is read.</summary>
    public void Thaw()
    {
        Read();
        if (CanSend)
            User.Drained();
    }

    private void Departed(ReadOnlyMemory<byte> bytes)
    {
        Backlog -= bytes.Length;
        if (IsOpen && network.ResetsNow())
        {
            Break();
            return;
        }
        TimeSpan arrives = network.ArrivalOf(local, remote, bytes.Length);
        if (arrives < Other._lastArrival)
            arrives = Other._lastArrival;
        Other._lastArrival = arrives;
        SimSocket other = Other;
        World.At(arrives, () => Deliver(() => other.Arrived(bytes)));
        if (IsOpen && !IsFrozen)
            User.Drained();
        else if (_mustFinish && Backlog == 0)
            SendEnd(isReset: false);
    }

    /// <summary>The system gives the stream up: both ends see a reset.</summary>
    private void Break()
    {
        if (!IsOpen)
            return;
        _arrived.Clear();
        SendEnd(isReset: true);
        End(isReset: true);
    }

    private void SendEnd(bool isReset)
    {
        SimSocket other = Other;
        TimeSpan at = World.Now + network.LatencyOf(local, remote);
        World.At(isReset || at > other._lastArrival ? at : other._lastArrival, () => Deliver(() => other.OtherEnded(isReset)));
    }

    private void Deliver(Action action)
    {
        if (!IsStranded && !Other.IsStranded)
            network.Deliver(local, remote, action);
        else if (network.ResetsMoved && IsStranded && IsOpen)
            World.After(network.LatencyOf(local, remote), () => OtherEnded(isReset: true));
    }

    private void Arrived(ReadOnlyMemory<byte> bytes)
    {
        if (!IsOpen)
        {
            // Like a system that knows no such connection any more.
            if (Other.IsOpen)
                World.After(network.LatencyOf(local, remote), () => Other.OtherEnded(isReset: true));
            return;
        }
        _arrived.Enqueue(bytes);
        Read();
    }

    private void Read()
    {
        while (!_isPaused && !IsFrozen && IsOpen && _arrived.TryDequeue(out ReadOnlyMemory<byte> bytes))
        {
            if (network.Receives.Strikes())
            {
                Break();
                return;
            }
            local.StreamBytesReceived += bytes.Length;
            World.Hash.Add(bytes.Length);
            User.Received(bytes);
            bool wasFull = Other.Unread >= Window;
            Other.Unread -= bytes.Length;
            if (wasFull && Other.IsOpen && !Other.IsFrozen)
                Other.User.Drained();
        }
        if (_isReadingOver && _arrived.Count == 0)
            End(isReset: false);
    }

    private void OtherEnded(bool isReset)
    {
        _isReadingOver = true;
        if (isReset || _arrived.Count == 0)
            End(isReset);
    }

    private void End(bool isReset)
    {
        if (!IsOpen)
            return;
        IsOpen = false;
        User.Ended(isReset);
    }
}
