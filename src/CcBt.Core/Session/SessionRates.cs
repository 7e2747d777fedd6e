using CcBt.Core.Transport;

namespace CcBt.Core.Session;

/// <summary>The token buckets that a session's links draw from. Any thread may change the rates.</summary>
internal sealed class SessionRates(TimeProvider time, TokenBucket clientDown, TokenBucket clientUp, long downBytesPerSecond, long upBytesPerSecond)
{
    private readonly TokenBucket _down = new(time, downBytesPerSecond);
    private readonly TokenBucket _up = new(time, upBytesPerSecond);

    public LinkBudget Budget => field ??= new LinkBudget(clientDown, clientUp, _down, _up);

    public long DownloadBytesPerSecond => _down.BytesPerSecond;

    public long UploadBytesPerSecond => _up.BytesPerSecond;

    public void Set(long downBytesPerSecond, long upBytesPerSecond)
    {
        _down.BytesPerSecond = downBytesPerSecond;
        _up.BytesPerSecond = upBytesPerSecond;
    }
}
