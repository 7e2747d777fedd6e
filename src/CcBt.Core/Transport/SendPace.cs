using CcBt.Core.Wire;

namespace CcBt.Core.Transport;

/// <summary>
/// How many bytes of blocks a link should send at once: as many as leave in about a quarter of a second. Long runs are cheap on a fast line; on a slow
/// one our own requests would wait behind them for many seconds, and who has little to give would also get little. One loop uses it.
/// </summary>
internal sealed class SendPace
{
    private const int Least = BlockAddress.Size;
    private const int Most = Limits.BlocksPerSend * BlockAddress.Size;
    private const int First = 4 * BlockAddress.Size;

    private static readonly TimeSpan Long = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Short = Long / 4;

    public int RunBytes { get; private set; } = First;

    /// <summary>Whether a few blocks already take long, so that also what waits inside the system counts.</summary>
    public bool IsSlow => RunBytes < First;

    /// <summary>A run has left.</summary>
    public void Sent(TimeSpan took)
    {
        if (took > Long)
            RunBytes = Math.Max(Least, RunBytes / 2);
        else if (took < Short)
            RunBytes = Math.Min(Most, RunBytes * 2);
    }
}
