using CcBt.Core.Wire;

namespace CcBt.Core.Transport;

/// <summary>
/// How many bytes of blocks a link should send at once: as many as leave in about a quarter of a second. Long runs are cheap on a fast line; on a slow
/// one our own requests would wait behind them for many seconds, and who has little to give would also get little. Growing by a block and shrinking
/// by half, links that share a line come to runs of the same length, however they began. One loop uses it.
/// </summary>
internal sealed class SendPace
{
    private const int FirstBlocks = 4;

    private static readonly TimeSpan Long = TimeSpan.FromMilliseconds(250);

    private int _blocks = FirstBlocks;

    public int RunBytes => _blocks * BlockAddress.Size;

    /// <summary>Whether 64 KiB take longer, so that what waits inside the system counts, too.</summary>
    public bool IsSlow => _blocks < FirstBlocks;

    /// <summary>A run has left.</summary>
    public void Sent(TimeSpan took) => _blocks = took > Long ? Math.Max(1, _blocks / 2) : Math.Min(Limits.BlocksPerSend, _blocks + 1);
}
