using System.Diagnostics;
using CcBt.Core.Faults.Stories;

namespace CcBt.Core.Faults.Clients;

/// <summary>Waiting for what must happen; what does not within its bound is hung.</summary>
internal static class Wait
{
    public static async Task<bool> UntilAsync(Findings findings, Func<bool> condition, Func<string> what, TimeSpan? bound = null)
    {
        var watch = Stopwatch.StartNew();
        while (!condition())
        {
            if (watch.Elapsed > (bound ?? Lab.Patience))
            {
                findings.Hung($"{what()} after {watch.Elapsed.TotalSeconds:0} s");
                return false;
            }
            await Task.Delay(10);
        }
        return true;
    }

    /// <summary>Disposes, which must end within its bound.</summary>
    public static async Task CloseAsync(Findings findings, IAsyncDisposable what, string name)
    {
        try
        {
            await what.DisposeAsync().AsTask().WaitAsync(Lab.CloseBound);
        }
        catch (TimeoutException)
        {
            findings.Hung($"disposing {name} did not end within {Lab.CloseBound.TotalSeconds} s");
        }
    }

    public static string Describe(TorrentSession session)
        => $"{session.Status.State}, {session.Status.VerifiedPieces} of {session.Status.PieceCount} pieces, {session.Status.ConnectedPeers} peers, complete {session.Status.IsComplete}, error {session.Status.Error?.Code} '{session.Status.Error?.Message}'";
}
