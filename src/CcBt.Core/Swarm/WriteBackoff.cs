namespace CcBt.Core.Swarm;

/// <summary>
/// Whether a disk that refuses pieces is left in peace: without it, a full disk would have the whole torrent fetched again and again for
/// nothing. The rests grow from failure to failure; a piece that is kept ends them.
/// </summary>
internal sealed class WriteBackoff(TimeSpan first)
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(60);

    private TimeSpan _delay;
    private TimeSpan _until;

    public bool IsOn(TimeSpan now) => now < _until;

    /// <summary>A piece could not be kept; returns when the disk is tried again. What fails during a rest does not lengthen it.</summary>
    public TimeSpan Failed(TimeSpan now)
    {
        if (IsOn(now))
            return _until;
        _delay = _delay == TimeSpan.Zero ? first : _delay * 2;
        if (_delay > Longest)
            _delay = Longest;
        return _until = now + _delay;
    }

    public void Succeeded() => _delay = _until = TimeSpan.Zero;
}
