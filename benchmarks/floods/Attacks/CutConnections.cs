using CcBt.Core.Floods.Library;
using CcBt.Core.Floods.Peers;

namespace CcBt.Core.Floods.Attacks;

/// <summary>Connections that end at once, within the handshake or within a message, in order or by a reset.</summary>
internal sealed class CutConnections : IFlood
{
    private const int FullCount = 10_000;
    private const int Filling = 20_000;
    private const int AtOnce = 50;

    public string Name => "cut";

    public async Task<FloodRow> RunAsync(FloodField field)
    {
        int count = field.Options.Of(FullCount);
        await field.OpenSeedingAsync(new LibrarySetup());
        // The first round fills what is kept, within bounds, of addresses: the last 5,000, and one in three connections comes as far as to be remembered. A leak shows in the second.
        await RoundAsync(field, Math.Max(count, Filling));
        LibraryState before = await field.Library.StateAsync(collects: true);
        FloodMeasure measure = await field.MeasureAsync(() => RoundAsync(field, count));
        ProcessUse after = await field.SettleAsync(measure.Before);
        LibraryState state = await field.Library.StateAsync(collects: true);
        int handles = after.Handles - measure.Before.Handles;
        double perCut = (double)(state.ManagedBytes - before.ManagedBytes) / count;
        return measure.Row($"cut: {count:N0} connections, reset or closed at once, in the handshake, in a message") with
        {
            Held = state.ConnectedPeers - 1,
            Closed = count,
            Bound = $"handles left over {handles}, sockets {after.Sockets - measure.Before.Sockets}, threads {after.Threads - measure.Before.Threads:+0;-0;0}; managed heap {perCut:+0.0;-0.0;0} B a connection after a collection; {count / measure.Seconds:N0} a second, {measure.Cores * measure.Seconds * 1e6 / count:0} µs of CPU each, upload included",
            Goals =
            [
                new("leak 0", handles <= 0 && state.ConnectedPeers == 1 && perCut < 10),
                new("good's bytes right", field.WrongBlocks == 0),
            ],
        };
    }

    private static Task RoundAsync(FloodField field, int count)
    {
        int next = -1;
        return Task.WhenAll(Enumerable.Range(0, AtOnce).Select(async _ =>
        {
            for (int i; (i = Interlocked.Increment(ref next)) < count;)
                await CutPeer.RunAsync(field.Payload, field.Library.Port, TestAddresses.Global(100 + i), 100 + i);
        }));
    }
}
