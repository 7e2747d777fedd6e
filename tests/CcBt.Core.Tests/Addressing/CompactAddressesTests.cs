using CcBt.Core.Addressing;

namespace CcBt.Core.Tests.Addressing;

public sealed class CompactAddressesTests
{
    [Theory]
    [InlineData("1.2.3.4:258", "010203040102")]
    [InlineData("[2001:db8::1]:65535", "20010db8000000000000000000000001ffff")]
    public void Forms_are_written_and_read(string text, string compact)
    {
        Assert.True(PeerAddress.TryParse(text, out PeerAddress address));
        Span<byte> bytes = stackalloc byte[CompactAddresses.V6Length];
        bytes = bytes[..CompactAddresses.Write(address, bytes)];
        Assert.Equal(compact, Convert.ToHexString(bytes).ToLowerInvariant());
        Assert.True(CompactAddresses.TryRead(bytes, out PeerAddress read));
        Assert.Equal(address, read);
    }

    [Fact]
    public void Other_lengths_and_port_zero_are_refused()
    {
        var bytes = new byte[40];
        bytes.AsSpan().Fill(1);
        for (int length = 0; length <= bytes.Length; length++)
            Assert.Equal(length is 6 or 18, CompactAddresses.TryRead(bytes.AsSpan(0, length), out _));
        bytes.AsSpan(4, 2).Clear();
        Assert.False(CompactAddresses.TryRead(bytes.AsSpan(0, 6), out _));
    }

    [Fact]
    public void A_run_is_read_up_to_the_bound_and_without_its_rest()
    {
        var bytes = new byte[6 * 10 + 5];
        for (int i = 0; i < 10; i++)
            CompactAddresses.Write(PeerAddress.FromV4((uint)i + 1, (ushort)(i == 3 ? 0 : 7)), bytes.AsSpan(i * 6));
        var all = new List<PeerAddress>();
        CompactAddresses.ReadAll(bytes, 6, all, 100);
        Assert.Equal([1, 2, 3, 5, 6, 7, 8, 9, 10], all.Select(address => (int)address.Low));
        var some = new List<PeerAddress>();
        CompactAddresses.ReadAll(bytes, 6, some, 4);
        Assert.Equal(all[..4], some);
    }
}
