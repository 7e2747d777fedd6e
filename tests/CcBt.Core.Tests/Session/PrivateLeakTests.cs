using CcBt.Core.Addressing;
using CcBt.Core.BEncoding;
using CcBt.Core.Dht;
using CcBt.Core.Session;
using CcBt.Core.Tests.BEncoding;
using CcBt.Core.Tests.Dht;
using CcBt.Core.Wire;
using FsCheck;
using FsCheck.Fluent;
using static CcBt.Core.Tests.Session.CoreHarness;

namespace CcBt.Core.Tests.Session;

/// <summary>
/// Whatever happens, once a torrent is known to be private (BEP 27) its info hash leaves in no DHT packet and no local announce, and its peers
/// in no peer exchange message.
/// </summary>
public sealed class PrivateLeakTests
{
    private const byte TheirPexId = 77;

    [Fact]
    public void A_private_torrent_is_told_to_nobody_but_its_trackers()
        => Prop.ForAll(ArbMap.Default.ArbFor<int>(), seed => new Run(seed, isMagnet: false).Leaks(out _) == "").Check(Seeded.Config.WithMaxTest(100));

    [Fact]
    public void A_magnet_that_turns_out_private_is_told_to_nobody_from_then_on()
    {
        int before = 0;
        Prop.ForAll(ArbMap.Default.ArbFor<int>(), seed =>
        {
            string leaks = new Run(seed, isMagnet: true).Leaks(out int told);
            before += told;
            return leaks == "";
        }).Check(Seeded.Config.WithMaxTest(100));
        Assert.True(before > 1000, $"Before the metadata the torrent was named {before} times, so nothing was proved.");
    }

    private sealed class Run
    {
        private readonly CoreHarness _client = new(o => o with { EnableDht = true, EnableLocalDiscovery = true, EnablePeerExchange = true });
        private readonly BDocument _document = new();
        private readonly List<FakeLink> _links = [];
        private readonly Random _random;
        private readonly SessionFront _front;
        private readonly byte[] _hash = PrivateTorrent.SwarmHash.ToArray();
        private int _answered;
        private int _peers = 100;

        public Run(int seed, bool isMagnet)
        {
            _random = new Random(seed);
            _client.Mailbox.Post(new CallMessage((core, now) =>
            {
                core.Dht.Open(isV6: false, 7000, null, now);
                for (int i = 0; i < 20; i++)
                    core.Dht.AddNode(NodeProbe.Global(i), now);
            }));
            StartMode mode = _random.Next(2) == 0 ? StartMode.WhenPeersFound : StartMode.WhenCalled;
            _front = isMagnet
                ? _client.AddMagnet(PrivateTorrent, mode, "http://t.example/announce")
                : _client.Add(PrivateTorrent, mode, o => o with { Trackers = ["http://t.example/announce"] });
            _client.Start(_front);
            for (int i = _random.Next(60); isMagnet && i > 0; i--)
                Step();
        }

        /// <summary>What leaves of the torrent after its metadata is known, and how often it was named before.</summary>
        public string Leaks(out int told)
        {
            if (_front.Torrent is null)
                _client.On(_front, static (s, now) => s.SetTorrent(PrivateTorrent, now));
            told = _client.Edges.Datagrams.Count(Names);
            int datagrams = _client.Edges.Datagrams.Count, exchanges = Exchanges();
            for (int i = 0; i < 60; i++)
            {
                Step();
                if (_client.Edges.LocalSearches.Count > 0)
                    return "It is searched on the local network.";
            }
            _client.Advance(1800);
            if (_client.Edges.Datagrams.Skip(datagrams).Any(Names))
                return "A datagram names it.";
            return Exchanges() > exchanges ? "Peers are told of its peers." : "";
        }

        private void Step()
        {
            switch (_random.Next(8))
            {
                case 0:
                    _client.On(_front, static (s, now) => s.Pause(now));
                    break;
                case 1 or 2:
                    _client.On(_front, static (s, now) => s.Unpause(now));
                    break;
                case 3:
                    Arrive();
                    break;
                case 4:
                    KnockSource[] sources = [KnockSource.Dht, KnockSource.PeerExchange, KnockSource.LocalDiscovery, KnockSource.Tracker];
                    _front.Door.Report(sources[_random.Next(sources.Length)], [Peer(_peers++), Peer(_peers++)], lookupEnded: _random.Next(2) == 0);
                    break;
                case 5 when _links.Count > 0:
                    _links[_random.Next(_links.Count)].Receive(PeerMessage.Port((ushort)_random.Next(1, 9999)));
                    break;
                case 6:
                    _client.Advance(_random.Next(1, 900));
                    break;
                default:
                    AnswerDht();
                    _client.Advance(_random.NextDouble() * 3);
                    break;
            }
            _client.Run();
        }

        private void Arrive()
        {
            FakeLink link = _client.Edges.Inbound(Peer(_peers++));
            _links.Add(link);
            link.Arrive(_front.InfoHash, IdOf(_links.Count));
            link.Receive(PeerMessage.Extended(ExtensionIds.Handshake, new ExtensionHandshake { PexId = TheirPexId, Port = 6881 }.Write()));
        }

        /// <summary>Most nodes answer, with a token and a peer.</summary>
        private void AnswerDht()
        {
            for (; _answered < _client.Edges.Datagrams.Count; _answered++)
            {
                (PeerAddress to, ReadOnlyMemory<byte> bytes) = _client.Edges.Datagrams[_answered];
                if (_random.Next(5) == 0 || !_document.TryParse(bytes, BLimits.Dht, out _))
                    continue;
                var id = NodeId.Random(new Random(to.GetHashCode()));
                byte[] answer = NodeProbe.Response(_document.Root["t"u8].Bytes, id, body => body.Key("token"u8).String("token"u8));
                _client.Mailbox.Post(new DatagramMessage(to, answer, static () => { }));
            }
        }

        private int Exchanges() => _links.Concat(_client.Edges.Dialled).Sum(l => l.Sent.Count(m => m.Kind == PeerMessageKind.Extended && m.ExtendedId == TheirPexId));

        private bool Names((PeerAddress To, ReadOnlyMemory<byte> Bytes) datagram) => datagram.Bytes.Span.IndexOf(_hash) >= 0;
    }
}
