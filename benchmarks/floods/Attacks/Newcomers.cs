using System.Diagnostics;
using CcBt.Core.Floods.Peers;

namespace CcBt.Core.Floods.Attacks;

/// <summary>Honest peers that come while the flood runs, ten a second, each from a global address of its own, and leave when they have their answer.</summary>
internal sealed class Newcomers(FloodField field)
{
    private const int FirstAddress = 60_000;
    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(100);

    private int _refused;

    /// <summary>From the connect to the library's handshake, of those that got one.</summary>
    public Times Answered { get; } = new();

    /// <summary>Those whose connection the library ended before its handshake.</summary>
    public int Refused => _refused;

    public async Task RunAsync(CancellationToken ct)
    {
        var coming = new List<Task>();
        for (int i = 0; !ct.IsCancellationRequested; i++)
        {
            coming.Add(ComeAsync(i, ct));
            await Task.Delay(Every, CancellationToken.None);
        }
        await Task.WhenAll(coming);
    }

    private async Task ComeAsync(int index, CancellationToken ct)
    {
        long began = Stopwatch.GetTimestamp();
        using PeerSocket? peer = await PeerSocket.ConnectAsync(TestAddresses.Global(FirstAddress + index), field.Library.Port, ct);
        var answer = new byte[PeerBytes.HandshakeLength];
        if (peer is not null && await peer.SendAsync(PeerBytes.Handshake(field.Payload.InfoHash, FirstAddress + index), ct) && await peer.ReceiveAsync(answer, ct))
            Answered.Add(Stopwatch.GetElapsedTime(began));
        else if (!ct.IsCancellationRequested)
            Interlocked.Increment(ref _refused);
    }
}
