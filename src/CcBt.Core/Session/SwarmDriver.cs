using System.Runtime.InteropServices;
using CcBt.Core.Swarm;
using CcBt.Core.Transport;
using CcBt.Core.Wire;

namespace CcBt.Core.Session;

/// <summary>Carries out what the swarm decides: dials, leases, chokes, closes.</summary>
internal sealed class SwarmDriver(SessionCore session)
{
    private readonly List<BlockLease> _leases = [];
    private readonly List<BlockAddress> _refused = [];
    private readonly List<BlockReceipt> _padding = [];

    /// <summary>Whether downloading waits for the write budget.</summary>
    public bool IsDiskBusy { get; private set; }

    public void BlocksReceived(int link, PeerReport report, TimeSpan now)
    {
        foreach (BlockReceipt receipt in report.Blocks)
        {
            if (!receipt.IsUsed)
                session.Traffic.WastedBytes += receipt.Block.Length;
        }
        session.Swarm.BlocksReceived(link, CollectionsMarshal.AsSpan(report.Blocks), report.OutstandingLeases, now);
    }

    public void RoomFreed(TimeSpan now)
    {
        IsDiskBusy = false;
        session.Swarm.DiskBusy(false, now);
    }

    public void Drain(TimeSpan now)
    {
        ClientLinks links = session.Core.Links;
        session.Swarm.SetBudget(new ConnectionBudget(
            // A dial under way has its place in the client already, and is to keep it when it opens.
            Math.Min(session.Options.MaxConnections, session.Links.Count + session.Links.HalfOpenCount + links.Free),
            session.CanDial ? links.FreeDials(now) + session.Links.HalfOpenCount : 0), now);
        while (session.Swarm.TryTake(out SwarmOutput output))
            Carry(output, now);
    }

    private void Carry(in SwarmOutput output, TimeSpan now)
    {
        switch (output.Kind)
        {
            case SwarmOutputKind.Dial:
                session.Links.Dial(output.Address);
                return;
            case SwarmOutputKind.Ban:
                session.Front.Seen.Ban(output.Address);
                ClientLog.PeerBanned(session.Logger, session.InfoHash, output.Address.ToString());
                return;
            case SwarmOutputKind.DiscardPiece:
                session.Store?.ReleasePiece(output.Piece);
                return;
            case SwarmOutputKind.Completed:
                session.Progress.Completed();
                return;
        }
        if (session.Links.Find(output.Link) is { } peer)
            CarryToLink(peer, output, now);
    }

    private void CarryToLink(PeerState peer, in SwarmOutput output, TimeSpan now)
    {
        switch (output.Kind)
        {
            case SwarmOutputKind.Close:
                peer.Close(ReasonOf(output.Reason));
                break;
            case SwarmOutputKind.Send:
                peer.Link.Send(output.Message);
                break;
            case SwarmOutputKind.Lease:
                Lease(peer.Link, output, now);
                break;
            case SwarmOutputKind.CancelBlocks:
                peer.Link.Cancel(session.Swarm.Blocks);
                break;
            case SwarmOutputKind.Unchoke when session.Store is { } store:
                peer.Link.Unchoke(store.Source);
                break;
            case SwarmOutputKind.AllowFast when session is { Store: { } store, Torrent: { } torrent }:
                AllowFast(peer.Link, store.Source, torrent);
                break;
            case SwarmOutputKind.Choke:
                peer.Link.Choke();
                break;
            case SwarmOutputKind.FlushReport:
                peer.Link.FlushReport();
                break;
            case SwarmOutputKind.Pex when output.Pex is { } delta:
                session.PeerExchange.Send(peer, delta);
                break;
        }
    }

    private void AllowFast(IPeerLink link, IBlockSource source, Torrent torrent)
    {
        Span<int> pieces = stackalloc int[AllowedFastSet.UsualCount];
        int count = AllowedFastSet.Compute(link.Remote, session.InfoHash, torrent.PieceCount, pieces);
        int had = 0;
        foreach (int piece in pieces[..count])
        {
            if (session.Progress.Have is { } have && have[piece])
                pieces[had++] = piece;
        }
        if (had > 0)
            link.AllowFast(source, pieces[..had]);
    }

    /// <summary>Gives the blocks their places. Those that the write budget has no room for go back to the swarm, which asks again when there is.</summary>
    private void Lease(IPeerLink link, in SwarmOutput output, TimeSpan now)
    {
        _leases.Clear();
        _refused.Clear();
        _padding.Clear();
        foreach (BlockAddress block in session.Swarm.Blocks)
        {
            IBlockDestination? destination = null;
            switch (session.Store?.Place(block, out destination) ?? BlockPlace.NoRoom)
            {
                case BlockPlace.Ready:
                    _leases.Add(new BlockLease(block, destination!));
                    break;
                case BlockPlace.Padding:
                    _padding.Add(new BlockReceipt(block, IsUsed: true));
                    break;
                default:
                    _refused.Add(block);
                    break;
            }
        }
        if (_padding.Count > 0)
            session.Swarm.BlocksReceived(link.Id, CollectionsMarshal.AsSpan(_padding), 0, now);
        // Without blocks it only says anew when the link is to report.
        if (_leases.Count > 0 || output.BlockCount == 0)
            link.Lease(CollectionsMarshal.AsSpan(_leases), output.ReportMark);
        if (_refused.Count == 0)
            return;
        IsDiskBusy = true;
        session.Swarm.LeaseRefused(link.Id, CollectionsMarshal.AsSpan(_refused), now);
        session.Swarm.DiskBusy(true, now);
    }

    private static LinkCloseReason ReasonOf(SwarmCloseReason reason) => reason switch
    {
        SwarmCloseReason.Banned => LinkCloseReason.Banned,
        SwarmCloseReason.Duplicate => LinkCloseReason.Duplicate,
        SwarmCloseReason.ProtocolError => LinkCloseReason.ProtocolError,
        _ => LinkCloseReason.Local,
    };
}
