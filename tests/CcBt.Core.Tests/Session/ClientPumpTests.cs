using CcBt.Core.Session;
using CcBt.Core.Tests.Time;
using Microsoft.Extensions.Logging.Abstractions;
using Moq;

namespace CcBt.Core.Tests.Session;

public sealed class ClientPumpTests
{
    [Fact]
    public async Task A_timer_that_rings_early_is_armed_again()
    {
        var time = new HandTimeProvider();
        var pump = new ClientPump(time, NullLogger.Instance);
        var options = new TorrentClientOptions { DhtRouters = [] };
        var core = new ClientCore(options, new Mock<IClientEdges>().Object, pump, new OwnAddresses(), new Random(1), NullLogger.Instance);
        pump.Run(core);
        // A DHT node that knows nobody plans to ask again later: a deadline that never comes, since the clock stands still.
        pump.Post(new CallMessage((c, now) => c.Dht.Open(isV6: false, port: 1, saved: null, now)));

        for (int ring = 0; ring < 5; ring++)
        {
            Assert.True(await time.Armed.WaitAsync(TimeSpan.FromSeconds(30)), $"not armed again after {ring} rings: the client would sleep for ever");
            time.Ring();
        }

        await pump.DisposeAsync();
    }
}
