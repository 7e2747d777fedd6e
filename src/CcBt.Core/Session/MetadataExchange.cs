using CcBt.Core.Transport;
using CcBt.Core.Wire;

namespace CcBt.Core.Session;

/// <summary>Fetching the metadata of a magnet link from peers, and serving it to them (BEP 9).</summary>
internal sealed class MetadataExchange(SessionCore session)
{
    private readonly MetadataAssembly _assembly = new(session.Setup.Magnet?.InfoHashV1 ?? (session.Setup.Torrent is null ? session.InfoHash : null), session.Setup.Magnet?.InfoHashV2);
    private bool _isWanted;

    public TimeSpan NextDeadline => _isWanted ? _assembly.NextDeadline ?? TimeSpan.MaxValue : TimeSpan.MaxValue;

    private bool IsMissing => session.Torrent is null;

    /// <summary>The start waits for the metadata: peers are asked from now on.</summary>
    public void Begin() => _isWanted = IsMissing;

    public void Stop() => _isWanted = false;

    public void Offered(PeerState peer, int size, TimeSpan now)
    {
        if (IsMissing && _assembly.AddSource(peer.Link.Id, size))
            Request(peer, now);
    }

    public void LinkClosed(int link) => _assembly.RemoveSource(link);

    /// <summary>False when the peer abuses the extension.</summary>
    public bool Handle(PeerState peer, in MetadataMessage message, TimeSpan now)
    {
        switch (message.Kind)
        {
            case MetadataMessageKind.Request:
                return Serve(peer, message.Piece);
            case MetadataMessageKind.Data when IsMissing:
                _assembly.Add(peer.Link.Id, message.Piece, message.TotalSize, message.Data.Span);
                Settle(now);
                break;
            case MetadataMessageKind.Reject when IsMissing:
                _assembly.Rejected(peer.Link.Id, message.Piece, now);
                break;
        }
        return true;
    }

    public void Advance(TimeSpan now)
    {
        if (!_isWanted || !IsMissing)
            return;
        _assembly.Advance(now);
        foreach (PeerState peer in session.Links.All)
            Request(peer, now);
    }

    private void Request(PeerState peer, TimeSpan now)
    {
        if (!_isWanted || peer.MetadataId == 0)
            return;
        while (_assembly.TryNextRequest(peer.Link.Id, now, out int piece))
            peer.Link.Send(PeerMessage.Extended(peer.MetadataId, new MetadataMessage(MetadataMessageKind.Request, piece).Write()));
    }

    private void Settle(TimeSpan now)
    {
        while (_assembly.TryTakeGuilty(out int guilty))
        {
            session.Swarm.PutOut(guilty, now + TimeSpan.FromSeconds(Limits.MetadataLiarSeconds), now);
            session.Links.Find(guilty)?.Close(LinkCloseReason.Banned);
        }
        if (!_assembly.IsComplete)
            return;
        _isWanted = false;
        session.MetadataComplete(_assembly.Metadata, now);
    }

    private bool Serve(PeerState peer, int piece)
    {
        if (peer.MetadataId == 0)
            return true;
        // A peer needs each piece once; four times that is a flood, not a bad line.
        int pieces = session.Torrent is { } known ? MetadataMessage.PieceCount(known.RawInfo.Length) : 1;
        if (++peer.MetadataRequestsServed > 4 * pieces + Limits.MetadataRequestsPerPeer)
            return false;
        MetadataMessage answer = session.Torrent is { } torrent && piece < pieces
            ? new MetadataMessage(MetadataMessageKind.Data, piece, torrent.RawInfo.Length,
                torrent.RawInfo.Slice(piece * Limits.MetadataPieceBytes, MetadataMessage.PieceLength(piece, torrent.RawInfo.Length)))
            : new MetadataMessage(MetadataMessageKind.Reject, piece);
        peer.Link.Send(PeerMessage.Extended(peer.MetadataId, answer.Write()));
        return true;
    }
}
