using CcBt.Core.Swarm;
using CcBt.Core.Wire;

namespace CcBt.Core.Tests.Swarm;

public sealed class SteadyStateTests
{
    [Fact]
    public void A_running_download_allocates_nothing_for_a_block()
    {
        var map = new PieceMap(20_000, 256 * 1024, 20_000L * 256 * 1024);
        var wanted = new PieceSet(map.PieceCount);
        wanted.Fill();
        var swarm = new TorrentSwarm(new SwarmOptions(), new Random(1));
        swarm.Arm(map, new PieceSet(map.PieceCount), wanted, TimeSpan.Zero);
        swarm.LinkOpened(1, VirtualSwarm.Address(1), true, true, TimeSpan.Zero);
        swarm.SetRequestLimit(1, 500);
        swarm.Handle(1, new PeerMessage(PeerMessageKind.HaveAll), TimeSpan.Zero);
        swarm.Handle(1, new PeerMessage(PeerMessageKind.Unchoke), TimeSpan.Zero);
        var received = new BlockReceipt[500];
        int count = 0, now = 0;
        Download(5000);

        long before = GC.GetAllocatedBytesForCurrentThread();
        Download(100_000);
        long bytes = GC.GetAllocatedBytesForCurrentThread() - before;

        // An object a block would be 24 bytes, an object a piece 1.5 bytes a block.
        Assert.InRange(bytes / 100_000.0, 0, 1.4);

        void Download(int blocks)
        {
            for (int done = 0; done < blocks; done += count)
            {
                count = 0;
                while (swarm.TryTake(out SwarmOutput output))
                {
                    if (output.Kind != SwarmOutputKind.Lease)
                        continue;
                    foreach (BlockAddress block in swarm.Blocks)
                        received[count++] = new BlockReceipt(block, true);
                }
                Assert.NotEqual(0, count);
                TimeSpan at = TimeSpan.FromMilliseconds(now += 8);
                swarm.BlocksReceived(1, received.AsSpan(0, count), 0, at);
                for (int i = 0; i < count; i++)
                {
                    if (received[i].Block.Begin + BlockAddress.Size == map.PieceLength)
                        swarm.PieceVerified(received[i].Block.Piece, at);
                }
                if (swarm.NextDeadline <= at)
                    swarm.Advance(at);
            }
        }
    }
}
