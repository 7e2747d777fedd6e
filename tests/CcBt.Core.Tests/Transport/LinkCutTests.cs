using CcBt.Core.Transport;
using CcBt.Core.Wire;

namespace CcBt.Core.Tests.Transport;

/// <summary>Every receive and every send of a small good run fails on real sockets: the connection breaks behind the n-th byte, for every n and in both directions.</summary>
public sealed class LinkCutTests : IDisposable
{
    private readonly LinkOwner _dialer = new(1);
    private readonly LinkOwner _listener = new(2);
    private readonly CutWire _wire;
    private int _opened, _arrived, _closedHere, _closedThere;

    public LinkCutTests() => _wire = new CutWire(_listener.Listener.Local);

    public void Dispose()
    {
        _wire.Dispose();
        _dialer.Dispose();
        _listener.Dispose();
    }

    [Theory]
    [InlineData(300, 1, true)]
    [InlineData(300, 1, false)]
    [InlineData(2 * BlockAddress.Size + 100, 331, true)]
    [InlineData(2 * BlockAddress.Size + 100, 331, false)]
    public async Task Wherever_a_connection_breaks_both_ends_close_once_and_keep_nothing(int length, int step, bool isReset)
    {
        MemoryTorrent data = new(length, seed: 9);
        (int from, int to) = await RunAsync(data, fromDialer: true, int.MaxValue, isReset);
        Assert.InRange(from, Handshake.Length + 17 * data.Blocks().Count, 500);
        Assert.InRange(to, Handshake.Length + 5 + 13 + length, length + 500);
        Assert.Equal((1, 1), (_opened, _arrived));
        for (int n = 0; n < from; n++)
            Assert.Equal(n, (await RunAsync(data, fromDialer: true, n, isReset)).From);
        for (int n = 0; n < to; n += n < Handshake.Length + 40 ? 1 : step)
            Assert.Equal(n, (await RunAsync(data, fromDialer: false, n, isReset)).To);
        // All of that left nothing behind that a good run would feel.
        Assert.Equal(from, (await RunAsync(data, fromDialer: true, int.MaxValue, isReset)).From);
        Assert.Equal(_arrived, _closedThere);
    }

    /// <summary>One connection and one download over it, until both ends are closed.</summary>
    private async Task<(int From, int To)> RunAsync(MemoryTorrent data, bool fromDialer, int bytes, bool isReset)
    {
        MemoryTorrent copy = new(data.Data.Length);
        Task<(int, int)> carried = _wire.CarryAsync(fromDialer, bytes, isReset);
        _dialer.Dial(_wire.Address);
        int before = _closedHere;
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (_closedHere == before || _arrived != _closedThere || !carried.IsCompleted || !IsQuiet)
        {
            limit.Token.ThrowIfCancellationRequested();
            while (_dialer.TryNext(out LinkNote? note))
                Here(note!, copy);
            while (_listener.TryNext(out LinkNote? note))
                There(note!, data);
            await Task.Yield();
        }
        Assert.Equal(before + 1, _closedHere);
        Assert.Equal(0, copy.OpenClaims);
        Assert.All(copy.Blocks().Where(copy.IsCompleted), block => Assert.Equal(data.BytesOf(block), copy.BytesOf(block)));
        if (bytes == int.MaxValue)
            Assert.Equal(copy.Blocks().Count, copy.Completed);
        return await carried;
    }

    private bool IsQuiet => (_dialer.Host.Sweep.Count, _listener.Host.Sweep.Count, _listener.Listener.HalfOpenCount, _listener.HasNotes) == (0, 0, 0, false);

    private void Here(LinkNote note, MemoryTorrent copy)
    {
        switch (note.Kind)
        {
            case "opened":
                _opened++;
                note.Link.SetLayout(copy.Layout);
                note.Link.Accept(_dialer.Ours, _dialer.Plan);
                break;
            case "closed":
                _closedHere++;
                break;
            case "reported":
                if (note.Report!.Messages.Any(message => message.Kind == PeerMessageKind.Unchoke))
                    note.Link.Lease(copy.Leases(copy.Blocks()), 0);
                note.Report.Return();
                if (copy.Completed == copy.Blocks().Count)
                    note.Link.Close(LinkCloseReason.Local);
                break;
        }
    }

    private void There(LinkNote note, MemoryTorrent data)
    {
        switch (note.Kind)
        {
            case "arrived":
                _arrived++;
                note.Link.SetLayout(data.Layout);
                note.Link.Accept(_listener.Ours, _listener.Plan);
                note.Link.Unchoke(data);
                break;
            case "closed":
                _closedThere++;
                break;
            case "reported":
                note.Report!.Return();
                break;
        }
    }
}
