using System.Diagnostics;

namespace CcBt.Core.Floods.Peers;

/// <summary>A line of a given rate: what was not taken within a quarter of a second is lost, as on a real one.</summary>
internal sealed class Pace(double perSecond)
{
    private const double MostSaved = 0.25;

    private readonly long _began = Stopwatch.GetTimestamp();
    private double _at;
    private double _saved;

    /// <summary>Whether so much may pass now; it counts as passed then.</summary>
    public bool TryTake(double amount)
    {
        double now = Stopwatch.GetElapsedTime(_began).TotalSeconds;
        _saved = Math.Min(_saved + (now - _at) * perSecond, Math.Max(perSecond * MostSaved, amount));
        _at = now;
        if (_saved < amount)
            return false;
        _saved -= amount;
        return true;
    }
}
