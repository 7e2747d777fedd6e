using CcBt.Core.Floods.Library;
using CcBt.Core.Floods.Peers;
using CcBt.Core.Interop.ExternalClients;

namespace CcBt.Core.Interop.Floods;

/// <summary>Small floods on real sockets against the library in a process of its own; benchmarks/floods runs the large ones and takes the time.</summary>
public sealed class FloodTests
{
    private const int MostConnections = 100;
    private const int HalfOpenMost = 100;

    [RealClientFact]
    public async Task A_flood_of_connections_keeps_to_the_limit_and_harms_no_good_peer()
    {
        const int count = 500;
        await using var lab = new Lab();
        FloodedLibrary library = await FloodedLibrary.StartAsync(lab);
        ProcessUse before = library.Process.Use();

        using var leaving = CancellationTokenSource.CreateLinkedTokenSource(lab.Token);
        Task[] attackers = [.. Enumerable.Range(1, count).Select(i => StayAsync(library, i, leaving.Token))];
        await lab.UntilAsync(() => Task.FromResult(attackers.Count(a => a.IsCompleted) > count - MostConnections), () => "all but the allowed to be closed");
        await lab.UntilAsync(async () => (await library.Process.StateAsync()).ConnectedPeers == MostConnections, () => "the library to count what it holds");
        await library.Good.WholePayload.WaitAsync(lab.Token);

        Assert.Equal(count - (MostConnections - 1), attackers.Count(a => a.IsCompleted));
        Assert.Equal(0, library.Good.WrongBlocks);
        await leaving.CancelAsync();
        await Task.WhenAll(attackers);
        await library.UntilAsBeforeAsync(before);
    }

    [RealClientFact]
    public async Task Slow_handshakes_are_cut_and_hold_no_more_than_their_places()
    {
        const int count = HalfOpenMost + 50;
        await using var lab = new Lab();
        FloodedLibrary library = await FloodedLibrary.StartAsync(lab);
        ProcessUse before = library.Process.Use();

        Task<bool>[] attackers = [.. Enumerable.Range(1, count).Select(i => BeginHandshakeAsync(library, i, lab.Token))];
        await lab.UntilAsync(() => Task.FromResult(attackers.Count(a => a.IsCompleted) >= count - HalfOpenMost), () => "those without a place to be closed");
        Assert.InRange(library.Process.Use().Sockets - before.Sockets, 0, HalfOpenMost);
        await lab.UntilAsync(() => IsLetInAsync(library, lab.Token), () => "an honest newcomer to be let in");
        await library.Good.WholePayload.WaitAsync(lab.Token);

        // Nobody but the library ends them.
        Assert.All(await Task.WhenAll(attackers), Assert.True);
        Assert.Equal(0, library.Good.WrongBlocks);
        await library.UntilAsBeforeAsync(before);
    }

    [RealClientFact]
    public async Task Connections_that_are_reset_or_closed_anywhere_leave_nothing_behind()
    {
        const int count = 300, atOnce = 20;
        await using var lab = new Lab();
        FloodedLibrary library = await FloodedLibrary.StartAsync(lab);
        ProcessUse before = library.Process.Use();

        for (int first = 0; first < count; first += atOnce)
            await Task.WhenAll(Enumerable.Range(first, atOnce).Select(i => CutPeer.RunAsync(library.Payload, library.Process.Port, TestAddresses.Private(i), i)));
        await library.Good.WholePayload.WaitAsync(lab.Token);

        Assert.Equal(0, library.Good.WrongBlocks);
        await library.UntilAsBeforeAsync(before);
    }

    // Connects as a peer does, and stays until the library or the token ends it.
    private static async Task StayAsync(FloodedLibrary library, int index, CancellationToken ct)
    {
        using PeerSocket? peer = await PeerSocket.ConnectAsync(TestAddresses.Private(index), library.Process.Port, ct);
        if (peer is not null && await peer.SendAsync(PeerBytes.Handshake(library.Payload.InfoHash, index), ct))
            await peer.WaitForEndAsync(ct);
    }

    // Sends the first byte and no other. True when the library ended the connection.
    private static async Task<bool> BeginHandshakeAsync(FloodedLibrary library, int index, CancellationToken ct)
    {
        using PeerSocket? peer = await PeerSocket.ConnectAsync(TestAddresses.Private(index), library.Process.Port, ct);
        if (peer is null)
            return false;
        await peer.SendAsync(PeerBytes.Handshake(library.Payload.InfoHash, index).AsMemory(0, 1), ct);
        return await peer.WaitForEndAsync(ct);
    }

    private static async Task<bool> IsLetInAsync(FloodedLibrary library, CancellationToken ct)
    {
        using PeerSocket? peer = await PeerSocket.ConnectAsync(TestAddresses.Private(1_000), library.Process.Port, ct);
        return peer is not null
            && await peer.SendAsync(PeerBytes.Handshake(library.Payload.InfoHash, 1_000), ct)
            && await peer.ReceiveAsync(new byte[PeerBytes.HandshakeLength], ct);
    }
}
