using CcBt.Core.Simulation.Clients;

namespace CcBt.Core.Simulation.Scenarios;

/// <summary>Notes how many copies the seeder had sent when the leechers together had every piece: 1 is ideal, and what they can do without it.</summary>
internal sealed class FirstCopyWatch
{
    private readonly SimSwarm _swarm;
    private readonly SimSession _seeder;
    private readonly IReadOnlyList<SimSession> _leechers;
    private readonly List<int> _lacking;

    public FirstCopyWatch(SimSwarm swarm, SimSession seeder, IReadOnlyList<SimSession> leechers)
    {
        (_swarm, _seeder, _leechers) = (swarm, seeder, leechers);
        _lacking = [.. Enumerable.Range(0, swarm.Content.Torrent.PieceCount)];
        Look();
    }

    /// <summary>Copies that had been sent; null while a piece is only at the seeder.</summary>
    public double? Copies { get; private set; }

    public override string ToString() => Copies is { } copies ? $"all pieces out after {copies:0.00} copies" : "not all pieces out";

    private void Look()
    {
        _lacking.RemoveAll(piece => _leechers.Any(s => s.Core.Progress.Have is { } have && have[piece]));
        if (_lacking.Count == 0)
            Copies = _swarm.CopiesSentBy(_seeder);
        else
            _swarm.World.After(TimeSpan.FromMilliseconds(50), Look);
    }
}
