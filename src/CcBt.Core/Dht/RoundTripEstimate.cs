namespace CcBt.Core.Dht;

/// <summary>
/// When an answer counts as overdue: from the smoothed round trip and its variation, as TCP does it, so that a dead
/// node holds up a lookup for a moment on a fast network and for a second at most.
/// </summary>
internal sealed class RoundTripEstimate
{
    private static readonly TimeSpan s_least = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan s_most = TimeSpan.FromSeconds(1);

    private double _smoothed = -1;
    private double _variation;

    public TimeSpan Overdue { get; private set; } = s_most;

    public void Add(TimeSpan roundTrip)
    {
        double milliseconds = roundTrip.TotalMilliseconds;
        if (_smoothed < 0)
        {
            (_smoothed, _variation) = (milliseconds, milliseconds / 2);
        }
        else
        {
            _variation += (Math.Abs(milliseconds - _smoothed) - _variation) / 4;
            _smoothed += (milliseconds - _smoothed) / 8;
        }
        var overdue = TimeSpan.FromMilliseconds(_smoothed + 4 * _variation);
        Overdue = overdue < s_least ? s_least : overdue > s_most ? s_most : overdue;
    }
}
