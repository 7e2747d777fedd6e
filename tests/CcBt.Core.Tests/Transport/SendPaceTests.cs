using System.Net.Sockets;
using CcBt.Core.Tests.Time;
using CcBt.Core.Tests.Wire;
using CcBt.Core.Transport;
using CcBt.Core.Wire;

namespace CcBt.Core.Tests.Transport;

public sealed class SendPaceTests
{
    private const int Block = BlockAddress.Size;

    private readonly SendPace _pace = new();

    [Fact]
    public void A_fast_line_gets_a_block_more_each_time_up_to_the_longest_run()
    {
        Assert.Equal((4 * Block, false), (_pace.RunBytes, _pace.IsSlow));
        Send(250, times: 1);
        Assert.Equal(5 * Block, _pace.RunBytes);
        Send(1, times: 20);
        Assert.Equal((Limits.BlocksPerSend * Block, false), (_pace.RunBytes, _pace.IsSlow));
    }

    [Fact]
    public void A_slow_line_gets_half_each_time_down_to_one_block()
    {
        Send(251, times: 1);
        Assert.Equal((2 * Block, true), (_pace.RunBytes, _pace.IsSlow));
        Send(30_000, times: 3);
        Assert.Equal((Block, true), (_pace.RunBytes, _pace.IsSlow));
        Send(10, times: 2);
        Assert.True(_pace.IsSlow);
        Send(10, times: 1);
        Assert.Equal((4 * Block, false), (_pace.RunBytes, _pace.IsSlow));
    }

    [Fact]
    public void Links_that_share_a_line_come_to_runs_of_the_same_length()
    {
        // 512 KiB a second; each run waits for those of all links.
        SendPace[] links = [.. Enumerable.Range(0, 7).Select(static _ => new SendPace())];
        for (int i = 0; i < 15; i++)
            links[0].Sent(TimeSpan.Zero);
        var sent = new long[links.Length];
        for (int turn = 0; turn < 1000; turn++)
        {
            TimeSpan took = TimeSpan.FromSeconds(links.Sum(static l => l.RunBytes) / (512.0 * 1024));
            for (int i = 0; i < links.Length; i++)
            {
                sent[i] += links[i].RunBytes;
                links[i].Sent(took);
            }
        }
        Assert.InRange((double)sent[0] / sent[1], 1, 1.02);
    }

    [Fact]
    public async Task What_is_said_does_not_wait_behind_megabytes_of_blocks_on_a_slow_line()
    {
        // Elsewhere than on Linux the system keeps what it has taken.
        if (!OperatingSystem.IsLinux())
            return;
        using LinkOwner owner = new(1, new HastyTimeProvider(TimeSpan.FromSeconds(1)));
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 16 << 10 };
        await socket.ConnectAsync(owner.Listener.Local);
        (RawPeer peer, TcpLinkUnderTest link) = await RawPeer.JoinAsync(owner, new RawPeer(socket));
        using RawPeer slow = peer;
        MemoryTorrent torrent = new(16 << 20);
        link.Link.SetLayout(torrent.Layout);
        link.Link.Unchoke(torrent);
        var requests = new WireScript();
        foreach (BlockAddress block in torrent.Blocks())
            requests.Add(PeerMessage.Request(block));
        await peer.SendAsync(requests);
        await FullAsync(link.Link);
        link.Send(PeerMessage.Have(7));
        await peer.ExpectAsync(new WireScript().Add(new PeerMessage(PeerMessageKind.Unchoke)));
        int blocks = 0;
        for (byte[] head = await peer.ReceiveAsync(5); head[4] == (byte)PeerMessageKind.Piece; head = await peer.ReceiveAsync(5))
        {
            await peer.ReceiveAsync(8 + Block);
            blocks++;
        }
        Assert.InRange(blocks, 1, 16);
    }

    private void Send(int milliseconds, int times)
    {
        for (int i = 0; i < times; i++)
            _pace.Sent(TimeSpan.FromMilliseconds(milliseconds));
    }

    // Nothing more leaves, as the peer does not read.
    private static async Task FullAsync(IPeerLink link)
    {
        await LinkOwner.WaitAsync(() => link.Traffic.PayloadSentBytes > 0);
        long before = 0;
        for (int same = 0; same < 20_000; same++)
        {
            await Task.Yield();
            long now = link.Traffic.SentBytes;
            if (now != before)
                same = 0;
            before = now;
        }
    }
}
