namespace CcBt.Core.Dht;

/// <summary>A rate in virtual time: half a second's worth may go out at once.</summary>
internal sealed class ByteBudget(int bytesPerSecond)
{
    private double _left = bytesPerSecond / 2.0;
    private TimeSpan _at;

    public bool TrySpend(int bytes, TimeSpan now)
    {
        _left = Math.Min(_left + (now - _at).TotalSeconds * bytesPerSecond, bytesPerSecond / 2.0);
        _at = now;
        if (bytes > _left)
            return false;
        _left -= bytes;
        return true;
    }
}
