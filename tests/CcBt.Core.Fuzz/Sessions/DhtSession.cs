using CcBt.Core.Addressing;
using CcBt.Core.BEncoding;
using CcBt.Core.Dht;
using CcBt.Core.Fuzz.Generation;

namespace CcBt.Core.Fuzz.Sessions;

/// <summary>A DHT node among nodes that answer well, badly, late, from elsewhere, or that only ask.</summary>
internal sealed class DhtSession
{
    private const int LongestDatagram = 1400;

    private readonly Script _script;
    private readonly Meter _meter;
    private readonly DhtNode _node;
    private readonly List<DhtDatagram> _unanswered = [];
    private readonly List<int> _lookups = [];
    private readonly HashSet<int> _over = [];
    private readonly NodeId[] _announced;
    private readonly PeerAddress _seenAt;
    private byte[] _token = [];
    private TimeSpan _now = TimeSpan.FromHours(1);

    private DhtSession(Script script, Meter meter)
    {
        _script = script;
        _meter = meter;
        _announced = [NodeId.Random(script.Random), NodeId.Random(script.Random)];
        _seenAt = script.Random.Global();
        _node = new DhtNode(new DhtNodeOptions { IsReadOnly = script.Chance(10) }, null, script.Random, isV6: false);
    }

    public static void Play(Script script, Meter meter) => new DhtSession(script, meter).Play();

    private void Play()
    {
        while (!_script.IsOver)
        {
            Act(_script.Choice(16));
            Drain(null, 0);
            _now += TimeSpan.FromMilliseconds(_script.Choice(256) * (_script.Chance(10) ? 4000 : 20));
            _meter.Start();
            _node.Advance(_now);
            _meter.Stop(0);
            Drain(null, 0);
            FuzzFailure.When(_node.NextDeadline <= _now, "A deadline has passed and nothing happened.");
            FuzzFailure.When(_node.DroppedOutputs > 0, "Outputs were dropped.");
            FuzzFailure.When(_node.StoredTorrentCount > Limits.DhtStoredTorrents || _node.NodeCount < 0, "A bound is passed.");
        }
        DhtSnapshot saved = _node.Save();
        FuzzFailure.When(saved.Nodes.Count > Limits.DhtSavedNodes || saved.Nodes.Any(node => node.Id == _node.NodeId), "What is saved is too much, or ourselves.");
    }

    private void Act(int choice)
    {
        Random random = _script.Random;
        switch (choice)
        {
            case 0:
                _node.AddNode(random.V4(), _now);
                break;
            case 1:
                _node.AddRouter(random.Global(), _now);
                break;
            case 2:
                _lookups.Add(_node.FindPeers(random.Hash(), (ushort)random.Next(3), _now, _script.Chance(20)));
                break;
            case 3 when _lookups.Count > 0:
                Cancel(_lookups[_script.Choice(_lookups.Count)]);
                break;
            case 4 or 5 or 6:
                Receive(_script.Chance(50) ? random.Global() : random.V4(), KrpcMaker.Query(random));
                break;
            case 15:
                Announce(random);
                break;
            case 14 when _script.Chance(20):
                _node.NetworkChanged(_now);
                break;
            case 7:
                Receive(random.V4(), Mutator.Mutate(KrpcMaker.Query(random), InputForm.Bencode, [], random));
                break;
            default:
                Answer(choice, random);
                break;
        }
    }

    /// <summary>Somebody asks for a token, announces itself with it, and asks who is there.</summary>
    private void Announce(Random random)
    {
        PeerAddress from = random.Global();
        var query = new PendingQuery(QueryKind.GetPeers, from) { Target = _announced[_script.Choice(_announced.Length)] };
        _token = [];
        Receive(from, KrpcMaker.Query(random, query));
        Receive(from, KrpcMaker.Query(random, new PendingQuery(QueryKind.AnnouncePeer, from) { Target = query.Target, Token = _token, Port = 7000 }));
        Receive(from, KrpcMaker.Query(random, query));
    }

    private void Cancel(int lookup)
    {
        _node.CancelLookup(lookup, _now);
        _over.Add(lookup);
    }

    private void Answer(int choice, Random random)
    {
        if (_unanswered.Count == 0)
            return;
        int index = _script.Choice(_unanswered.Count);
        DhtDatagram query = _unanswered[index];
        _unanswered.RemoveAt(index);
        var reader = new KrpcReader();
        if (!reader.TryRead(query.Bytes) || reader.Kind != KrpcKind.Query)
            return;
        byte[] answer = choice == 8 ? KrpcMaker.Error(random, reader.Transaction) : KrpcMaker.Answer(random, reader.Transaction, choice == 9 ? _node.NodeId : NodeId.Random(random), choice == 13 ? random.V4() : _seenAt);
        if (choice is 10)
            answer = Mutator.Mutate(answer, InputForm.Bencode, [], random);
        PeerAddress from = choice == 11 ? query.To.WithPort((ushort)(query.To.Port ^ 1)) : query.To;
        Receive(from, answer);
    }

    private void Receive(PeerAddress from, byte[] packet)
    {
        _meter.Start();
        _node.Receive(from, packet, _now);
        _meter.Stop(packet.Length);
        Drain(from, packet.Length);
    }

    /// <summary>What leaves: well-formed, short, to where a packet may go, and answers no more than ten times their query.</summary>
    private void Drain(PeerAddress? asker, int queryLength)
    {
        while (_node.TryTakeDatagram(out DhtDatagram datagram))
        {
            FuzzFailure.When(datagram.Bytes.Length > LongestDatagram, $"A datagram has {datagram.Bytes.Length} bytes.");
            FuzzFailure.When(datagram.To.Port == 0 || datagram.To.IsV6 || datagram.To.Classify() == AddressClass.Unusable, $"A datagram goes to {datagram.To}.");
            var document = new BDocument();
            FuzzFailure.When(!document.TryParse(datagram.Bytes, BLimits.Dht with { StrictKeys = true }, out BError error), $"A datagram is no canonical bencode: {error}.");
            if (document.Root["r"u8]["token"u8] is { Exists: true } token)
                _token = token.Bytes.ToArray();
            if (document.Root["y"u8].Bytes.SequenceEqual("q"u8))
                _unanswered.Add(datagram);
            else
                FuzzFailure.When(asker != datagram.To || datagram.Bytes.Length > queryLength * Limits.DhtAnswerRatio, "An answer goes to somebody else, or is too long.");
        }
        if (_unanswered.Count > 256)
            _unanswered.RemoveRange(0, 128);
        while (_node.TryTakeEvent(out DhtEvent? news))
        {
            if (news is DhtLookupEnded ended)
                FuzzFailure.When(!_over.Add(ended.LookupId), $"Lookup {ended.LookupId} ended twice, or after it was cancelled.");
            else if (news is DhtPeersFound found)
                FuzzFailure.When(_over.Contains(found.LookupId), $"Lookup {found.LookupId} finds peers after its end.");
        }
    }
}
