using CcBt.Core.Addressing;
using CcBt.Core.BEncoding;
using CcBt.Core.Dht;

namespace CcBt.Core.Tests.Dht;

/// <summary>Somebody who sends packets to one node by hand and reads what comes back.</summary>
internal sealed class NodeProbe(DhtNode node)
{
    public static readonly NodeId Id = new("probeprobeprobeprobe"u8);

    private readonly BDocument _document = new();

    public DhtNode Node { get; } = node;

    public TimeSpan Now { get; set; } = TimeSpan.FromHours(1);

    public static PeerAddress Global(int index, ushort port = 6881) => PeerAddress.FromV4(0x50000000 + (uint)index * 0x101, port);

    /// <summary>Sends a packet and returns the answer to it; a value that does not exist when there is none.</summary>
    public BValue Ask(PeerAddress from, byte[] packet) => Ask(from, packet, out _);

    public BValue Ask(PeerAddress from, byte[] packet, out int length)
    {
        Node.Receive(from, packet, Now);
        BValue answer = default;
        length = 0;
        foreach (DhtDatagram datagram in Sent())
        {
            Assert.True(_document.TryParse(datagram.Bytes, BLimits.Dht, out _));
            if (datagram.To == from && !_document.Root["y"u8].Bytes.SequenceEqual("q"u8))
                return Parsed(datagram, out length);
        }
        return answer;
    }

    /// <summary>All datagrams that wait.</summary>
    public List<DhtDatagram> Sent()
    {
        var sent = new List<DhtDatagram>();
        while (Node.TryTakeDatagram(out DhtDatagram datagram))
            sent.Add(datagram);
        return sent;
    }

    /// <summary>Answers every query that waits, or those to one node alone, with the given ids by address and extra values; returns how many there were.</summary>
    public int AnswerAll(Func<PeerAddress, NodeId> id, Action<BWriter>? values = null, ReadOnlyMemory<byte> ownAddress = default, PeerAddress? only = null)
    {
        int count = 0;
        foreach (DhtDatagram datagram in Sent())
        {
            Assert.True(_document.TryParse(datagram.Bytes, BLimits.Dht, out _));
            if (!_document.Root["y"u8].Bytes.SequenceEqual("q"u8) || (only is { } one && datagram.To != one))
                continue;
            count++;
            Node.Receive(datagram.To, Response(_document.Root["t"u8].Bytes, id(datagram.To), values, ownAddress), Now);
        }
        return count;
    }

    public static byte[] Response(ReadOnlySpan<byte> transaction, NodeId id, Action<BWriter>? values = null, ReadOnlyMemory<byte> ownAddress = default)
    {
        var writer = new BWriter();
        writer.BeginDictionary();
        if (!ownAddress.IsEmpty)
            writer.Key("ip"u8).String(ownAddress.Span);
        writer.Key("r"u8).BeginDictionary().Key("id"u8).String(id.ToArray());
        values?.Invoke(writer);
        writer.End().Key("t"u8).String(transaction).Key("y"u8).String("r"u8).End();
        return writer.ToArray();
    }

    public List<DhtEvent> Events()
    {
        var events = new List<DhtEvent>();
        while (Node.TryTakeEvent(out DhtEvent? news))
            events.Add(news);
        return events;
    }

    private static BValue Parsed(DhtDatagram datagram, out int length)
    {
        var own = new BDocument();
        Assert.True(own.TryParse(datagram.Bytes, BLimits.Dht, out _));
        length = datagram.Bytes.Length;
        return own.Root;
    }
}
