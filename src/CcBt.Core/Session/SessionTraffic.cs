using CcBt.Core.Transport;

namespace CcBt.Core.Session;

/// <summary>Payload totals and rates of a session, read off its links.</summary>
internal sealed class SessionTraffic(long downloadedBefore, long uploadedBefore)
{
    private const double Smoothing = 0.3;

    private long _lastDown = downloadedBefore, _lastUp = uploadedBefore;
    private double _downRate, _upRate;
    private TimeSpan _lastSample = TimeSpan.MinValue;

    public long DownloadedBefore { get; } = downloadedBefore;

    public long UploadedBefore { get; } = uploadedBefore;

    public long DownloadedBytes { get; private set; } = downloadedBefore;

    public long UploadedBytes { get; private set; } = uploadedBefore;

    public long DownBytesPerSecond => (long)_downRate;

    public long UpBytesPerSecond => (long)_upRate;

    /// <summary>Useless payload: duplicates and failed pieces.</summary>
    public long WastedBytes { get; set; }

    /// <summary>Adds what a link carried since it was counted last; also for one that has closed, once more.</summary>
    public void Count(PeerState peer)
    {
        LinkTraffic traffic = peer.Link.Traffic;
        DownloadedBytes += traffic.PayloadReceivedBytes - peer.CountedDown;
        UploadedBytes += traffic.PayloadSentBytes - peer.CountedUp;
        (peer.CountedDown, peer.CountedUp) = (traffic.PayloadReceivedBytes, traffic.PayloadSentBytes);
    }

    public void Count(IEnumerable<PeerState> peers)
    {
        foreach (PeerState peer in peers)
            Count(peer);
    }

    /// <summary>Reads the counters of the open links; rates are smoothed over a few seconds.</summary>
    public void Sample(IEnumerable<PeerState> peers, TimeSpan now)
    {
        Count(peers);
        if (_lastSample == TimeSpan.MinValue)
            _lastSample = now;
        double seconds = (now - _lastSample).TotalSeconds;
        if (seconds < 0.1)
            return;
        double weight = 1 - Math.Pow(1 - Smoothing, seconds);
        _downRate += weight * ((DownloadedBytes - _lastDown) / seconds - _downRate);
        _upRate += weight * ((UploadedBytes - _lastUp) / seconds - _upRate);
        // Below a byte a second the rate is none; an idle session would otherwise count down for ever.
        _downRate = _downRate < 1 ? 0 : _downRate;
        _upRate = _upRate < 1 ? 0 : _upRate;
        (_lastDown, _lastUp, _lastSample) = (DownloadedBytes, UploadedBytes, now);
    }
}
