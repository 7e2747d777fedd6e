namespace CcBt.Core.Simulation.Faults;

/// <summary>What a run with one fault broke of that which must hold after every fault. All of it is 0 when nothing was broken.</summary>
/// <param name="Wrong">Pieces that were claimed and did not have their hash.</param>
/// <param name="Pieces">Pieces that were reported saved and were not had after a restart and a power loss.</param>
/// <param name="Torrents">Sessions that did not come back.</param>
/// <param name="Hung">Downloads, starts and closes that did not end.</param>
/// <param name="Leaked">Stores and links that were still open after a close.</param>
internal readonly record struct FaultCount(int Wrong, int Pieces, int Torrents, int Hung, int Leaked)
{
    public bool IsClean => this == default;

    public static FaultCount operator +(FaultCount a, FaultCount b)
        => new(a.Wrong + b.Wrong, a.Pieces + b.Pieces, a.Torrents + b.Torrents, a.Hung + b.Hung, a.Leaked + b.Leaked);

    public override string ToString() => $"claimed wrong {Wrong}, lost pieces {Pieces}, lost torrents {Torrents}, hung {Hung}, leaked {Leaked}";
}
