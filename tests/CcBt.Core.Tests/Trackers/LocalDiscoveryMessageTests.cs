using System.Text;
using CcBt.Core.Trackers;

namespace CcBt.Core.Tests.Trackers;

public sealed class LocalDiscoveryMessageTests
{
    private const string Hash = "00ff20410a7e2d5f262f3f3d25c3a9e28090abcd";

    private static bool TryParse(string text, out LocalDiscoveryMessage message) => LocalDiscoveryMessage.TryParse(Encoding.Latin1.GetBytes(text), out message);

    [Theory]
    [InlineData(false, "239.192.152.143:6771")]
    [InlineData(true, "[ff15::efc0:988f]:6771")]
    public void A_message_is_laid_out_as_bep_14_says(bool isV6, string host)
        => Assert.Equal($"BT-SEARCH * HTTP/1.1\r\nHost: {host}\r\nPort: 6881\r\nInfohash: {Hash}\r\ncookie: abc\r\n\r\n\r\n",
            Encoding.ASCII.GetString(LocalDiscoveryMessage.Build([AnnounceSamples.Hash], 6881, "abc", isV6)));

    [Fact]
    public void As_many_hashes_as_fit_stay_below_1400_bytes()
    {
        var hashes = new InfoHash[LocalDiscoveryMessage.HashesPerDatagram];
        byte[] datagram = LocalDiscoveryMessage.Build(hashes, 65535, new string('c', 32), isV6: true);
        Assert.InRange(datagram.Length, 1200, Limits.LocalDiscoveryBytes);
        Assert.True(LocalDiscoveryMessage.TryParse(datagram, out LocalDiscoveryMessage message));
        Assert.Equal(hashes, message.Hashes);
        Assert.Throws<ArgumentOutOfRangeException>(() => LocalDiscoveryMessage.Build(new InfoHash[LocalDiscoveryMessage.HashesPerDatagram + 1], 1, "", false));
    }

    [Theory]
    [InlineData("BT-SEARCH * HTTP/1.1\r\nHost: x\r\nPort: 5\r\nInfohash: " + Hash + "\r\n\r\n\r\n")]
    [InlineData("BT-SEARCH * HTTP/1.1\r\nINFOHASH:" + Hash + "\r\nX-New: 1\r\nnonsense\r\nport:5 \r\nInfohash: short\r\n")]
    [InlineData("BT-SEARCH * HTTP/1.1\nPort: 5\nInfohash: " + Hash + "\n\nPort: 6\n")]
    public void Other_clients_ways_of_writing_are_read(string text)
    {
        Assert.True(TryParse(text, out LocalDiscoveryMessage message));
        Assert.Equal((5, null), (message.Port, message.Cookie));
        Assert.Equal(AnnounceSamples.Hash, Assert.Single(message.Hashes));
    }

    [Theory]
    [InlineData("")]
    [InlineData("M-SEARCH * HTTP/1.1\r\nPort: 5\r\nInfohash: " + Hash + "\r\n\r\n")]
    [InlineData("BT-SEARCH * HTTP/1.1\r\nPort: 0\r\nInfohash: " + Hash + "\r\n\r\n")]
    [InlineData("BT-SEARCH * HTTP/1.1\r\nPort: 65536\r\nInfohash: " + Hash + "\r\n\r\n")]
    [InlineData("BT-SEARCH * HTTP/1.1\r\nInfohash: " + Hash + "\r\n\r\n")]
    [InlineData("BT-SEARCH * HTTP/1.1\r\nPort: 5\r\n\r\nInfohash: " + Hash + "\r\n")]
    [InlineData("BT-SEARCH * HTTP/1.1\r\nPort: 5\r\nInfohash: g0ff20410a7e2d5f262f3f3d25c3a9e28090abcd\r\n\r\n")]
    public void What_says_nothing_is_refused(string text) => Assert.False(TryParse(text, out _));

    [Fact]
    public void Long_datagrams_are_refused()
        => Assert.False(TryParse($"BT-SEARCH * HTTP/1.1\r\nPort: 5\r\nInfohash: {Hash}\r\nX: {new string('x', 1400)}\r\n\r\n", out _));

    [Theory]
    [InlineData(9)]
    public void Cut_and_damaged_messages_never_throw(int seed)
    {
        byte[] valid = LocalDiscoveryMessage.Build([AnnounceSamples.Hash, default], 6881, "abc", false);
        for (int length = 0; length < valid.Length; length++)
            LocalDiscoveryMessage.TryParse(valid.AsSpan(0, length), out _);
        foreach (byte[] datagram in Mutations.Of(valid, 10_000, seed))
        {
            if (LocalDiscoveryMessage.TryParse(datagram, out LocalDiscoveryMessage message))
                Assert.True(message is { Port: > 0, Hashes.Count: > 0 }, $"seed {seed}");
        }
    }
}
