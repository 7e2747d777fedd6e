using CcBt.Core.Addressing;
using CcBt.Core.Fuzz.Generation;
using CcBt.Core.Swarm;
using CcBt.Core.Wire;

namespace CcBt.Core.Fuzz.Sessions;

/// <summary>A swarm whose peers say anything, and whose disk and user do what they like.</summary>
internal sealed class SwarmSession
{
    private const int MostLinks = 10;
    private const int MostHalfOpen = 3;
    private const int Slots = 3;

    private readonly Script _script;
    private readonly Meter _meter;
    private readonly PieceMap _map;
    private readonly TorrentSwarm _swarm;
    private readonly SwarmMirror _mirror;
    private TimeSpan _now = TimeSpan.FromHours(1);
    private int _nextLink;

    private SwarmSession(Script script, Meter meter)
    {
        _script = script;
        _meter = meter;
        int pieces = 1 + script.Choice(50), length = BlockAddress.Size * (1 + script.Choice(6));
        _map = new PieceMap(pieces, length, (long)pieces * length - script.Random.Next(length));
        _swarm = new TorrentSwarm(new SwarmOptions { MaxOpenBytes = (1 + script.Choice(20)) * length }, script.Random);
        _mirror = new SwarmMirror(_swarm, _map);
        _swarm.SetBudget(new ConnectionBudget(MostLinks, MostHalfOpen), _now);
        _swarm.SetUnchokeSlots(Slots, _now);
    }

    public static void Play(Script script, Meter meter) => new SwarmSession(script, meter).Play();

    private void Play()
    {
        while (!_script.IsOver)
        {
            int choice = _script.Choice(28);
            Act(choice);
            if (_script.Chance(30))
                _now += TimeSpan.FromMilliseconds(_script.Choice(256) * 40);
            _meter.Start();
            if (_swarm.NextDeadline <= _now)
                _swarm.Advance(_now);
            _meter.Stop(0);
            _mirror.Drain(_now);
            SwarmSnapshot snapshot = _swarm.Snapshot(_now);
            FuzzFailure.When(snapshot.BlocksInFlight != _mirror.BlocksLeased, $"{snapshot.BlocksInFlight} blocks are in flight and {_mirror.BlocksLeased} leased.");
            FuzzFailure.When(snapshot.Unchoked is < 0 or > Slots || snapshot.HalfOpen is < 0 or > MostHalfOpen, $"A bound is passed: {snapshot}.");
            FuzzFailure.When(!(snapshot.DistributedCopies >= 0 && snapshot.DistributedCopies <= _mirror.Links.Count + 1), $"There are {snapshot.DistributedCopies} copies.");
            FuzzFailure.When(snapshot.MissingBytes < 0 || snapshot.WastedBytes < 0, "A count is negative.");
        }
    }

    private void Act(int choice)
    {
        if (choice < 3)
            Meet(choice);
        else if (choice < 12)
            Tell(choice);
        else if (_mirror.Links.Count > 0)
            Hear(choice, _mirror.Links[_script.Choice(_mirror.Links.Count)]);
    }

    private void Meet(int choice)
    {
        if (choice == 0)
            _swarm.AddCandidates([Address(), Address()], (PeerSource)_script.Choice(8), _now);
        else if (choice == 1 && _mirror.TryTakeDialing(out PeerAddress dialed))
        {
            if (_script.Chance(40))
                _swarm.DialFailed(dialed, _now);
            else
                Open(dialed, true);
        }
        else if (_mirror.Links.Count < MostLinks + 2)
            Open(Address(), false);
    }

    private void Open(PeerAddress address, bool outbound)
    {
        _mirror.Opened(++_nextLink);
        _swarm.LinkOpened(_nextLink, address, outbound, _script.Chance(50), _now);
    }

    private void Tell(int choice)
    {
        switch (choice)
        {
            case 3 or 4 when !_swarm.IsArmed:
                _swarm.Arm(_map, Some(10), Some(90), _now);
                break;
            case 5:
                _mirror.Verdict(_script, _nextLink, _now);
                break;
            case 6:
                _swarm.DiskBusy(_script.Chance(30), _now);
                break;
            case 7 when _script.Chance(20):
                _swarm.SetWanted(Some(70), _now);
                break;
            case 8:
                _swarm.SetPriority(_script.Random.Next(_map.PieceCount), 1, (PiecePriority)_script.Choice(3));
                break;
            case 9 when _script.Chance(10):
                _swarm.SetPaused(!_swarm.IsPaused, _now);
                break;
            case 10 when _script.Chance(10):
                _swarm.NetworkChanged(_now);
                break;
            case 11 when _script.Chance(10):
                _swarm.SetPrivate(_script.Chance(50), _now);
                break;
        }
    }

    private void Hear(int choice, int link)
    {
        if (choice == 12 && _script.Chance(30))
            _mirror.Close(link, _script.Chance(50), _now);
        else if (choice == 13)
            Chat(link);
        else if (choice < 19)
            _mirror.Receive(link, _script, _now);
        else
            Say(link);
    }

    private void Chat(int link)
    {
        _swarm.SetRequestLimit(link, (int)_script.Random.Edge());
        _swarm.SetListenPort(link, (ushort)_script.Random.Next(65536), _now);
        _swarm.SetTakesPex(link, _script.Chance(50));
        _swarm.SetUploaded(link, _script.Random.Next(), _now);
        if (_script.Chance(10))
            _swarm.SetUploadOnly(link, _script.Chance(50), _now);
    }

    private void Say(int link)
    {
        PeerMessage message = Message(link);
        _meter.Start();
        SwarmError error = _swarm.Handle(link, message, _now);
        _meter.Stop(17 + message.Payload.Length);
        if (message.Kind == PeerMessageKind.Reject && error == SwarmError.None)
            _mirror.Rejected(link, message.Block);
        _mirror.Drain(_now);
        if (error != SwarmError.None)
            _mirror.Close(link, true, _now);
    }

    private PeerMessage Message(int link)
    {
        int piece = _script.Chance(3) ? (int)_script.Random.Edge() : _script.Random.Next(_map.PieceCount);
        var block = new BlockAddress(piece, 0, BlockAddress.Size);
        return _script.Choice(14) switch
        {
            0 => new PeerMessage(PeerMessageKind.Choke),
            1 or 2 or 3 => new PeerMessage(PeerMessageKind.Unchoke),
            4 => new PeerMessage(PeerMessageKind.Interested),
            5 => new PeerMessage(PeerMessageKind.NotInterested),
            6 => PeerMessage.Bitfield(Some(80).Bytes.ToArray()),
            7 => PeerMessage.Bitfield(_script.Random.Bytes(_script.Random.Next(12))),
            8 => new PeerMessage(_script.Chance(50) ? PeerMessageKind.HaveAll : PeerMessageKind.HaveNone),
            9 => PeerMessage.AllowedFast(piece),
            10 => PeerMessage.Reject(_script.Chance(80) && _mirror.TryFindLease(link, out BlockAddress leased) ? leased : block),
            11 => new PeerMessage(PeerMessageKind.Suggest, block),
            12 => new PeerMessage((PeerMessageKind)_script.Byte(), block),
            _ => PeerMessage.Have(piece),
        };
    }

    private PeerAddress Address() => _script.Chance(80) ? PeerAddress.FromV4(0x50000000 + (uint)_script.Choice(60) * 0x101, 6881) : _script.Random.V4();

    private PieceSet Some(int percent)
    {
        var set = new PieceSet(_map.PieceCount);
        for (int piece = 0; piece < _map.PieceCount; piece++)
        {
            if (_script.Random.Chance(percent))
                set.Add(piece);
        }
        return set;
    }
}
