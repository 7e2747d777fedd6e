using CcBt.Core.Session;
using CcBt.Core.Simulation.Clients;
using CcBt.Core.Simulation.Disk;
using CcBt.Core.Simulation.Time;
using CcBt.Core.Storage;
using CcBt.Core.Wire;

namespace CcBt.Core.Simulation.Scenarios;

/// <summary>What must hold of a client's sessions through a storm.</summary>
internal sealed class StormModel(World world, SimMachine machine)
{
    /// <summary>A session that was there for so long, on a disk that works, is remembered.</summary>
    private static readonly TimeSpan s_remembered = TimeSpan.FromSeconds(5);

    private readonly Dictionary<InfoHash, TimeSpan> _added = [];
    private readonly Dictionary<SimSession, StormRecord> _records = [];
    private readonly Dictionary<InfoHash, PieceSet> _saved = [];
    private readonly HashSet<InfoHash> _owed = [];

    public long Starts { get; private set; }

    public long Knocks { get; private set; }

    public void Added(SimSession session) => _added[session.Front.InfoHash] = world.Now;

    public void Closing(SimSession session)
    {
        _added.Remove(session.Front.InfoHash);
        _saved.Remove(session.Front.InfoHash);
    }

    /// <summary>After each batch of the owner.</summary>
    public void AfterBatch(SimClient client)
    {
        world.Require(client.Log.Failures.Count == 0, $"The client failed inside: {client.Log.Failures.FirstOrDefault()}");
        foreach (SimSession session in client.Sessions)
        {
            if (!_records.TryGetValue(session, out StormRecord? record))
                _records[session] = record = new StormRecord(world, session);
            record.Check();
        }
        foreach (SimSession gone in _records.Keys.Where(s => s.IsClosed).ToArray())
            Drop(gone);
    }

    /// <summary>Every piece that a session says it has is on the disk and right.</summary>
    public void CheckPieces(SimClient client)
    {
        foreach (SimSession session in client.Sessions)
        {
            if (session.Core.IsReleased || session.Core.Torrent is not { } torrent || session.Core.Progress.Have is not { } have || session.Closing is not null)
                continue;
            SimFiles files = machine.Disk.FilesOf(torrent);
            for (int piece = 0; piece < have.PieceCount; piece++)
                world.Require(!have[piece] || files.IsRight(piece), $"Piece {piece} is had and wrong.");
            if (session.IsStarted && _saved.Remove(session.Front.InfoHash, out PieceSet? saved))
            {
                for (int piece = 0; piece < saved.PieceCount; piece++)
                    world.Require(!saved[piece] || have[piece], $"Piece {piece} was reported saved and is lost after the restart.");
            }
        }
    }

    public void BeforeCrash(SimClient client)
    {
        _owed.Clear();
        foreach (SimSession session in client.Sessions)
        {
            bool isOld = _added.TryGetValue(session.Front.InfoHash, out TimeSpan at) && world.Now - at > s_remembered;
            if (isOld && session.Closing is null && machine.Disk.LoadState(session.Front.InfoHash) is { IsClosed: false })
                _owed.Add(session.Front.InfoHash);
        }
        foreach (SimSession session in _records.Keys.ToArray())
            Drop(session);
        _saved.Clear();
    }

    public void AfterRestart(SimClient client)
    {
        foreach (InfoHash owed in _owed)
            world.Require(client.Sessions.Any(s => s.Front.InfoHash == owed), $"{owed} did not come back after the restart.");
        _owed.Clear();
        foreach (SimSession session in client.Sessions)
        {
            ResumeData? resume = session.Core.Setup.Resume;
            if (session.Core.Torrent is { } torrent && resume is not null && PieceSet.TryRead(resume.Have.Span, torrent.PieceCount, out PieceSet have))
                _saved[session.Front.InfoHash] = have;
        }
    }

    private void Drop(SimSession session)
    {
        StartCounters counters = session.Counters;
        Starts += counters.Begun;
        Knocks += counters.Joined;
        _records.Remove(session);
    }
}
