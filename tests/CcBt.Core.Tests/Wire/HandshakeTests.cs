using CcBt.Core.Wire;

namespace CcBt.Core.Tests.Wire;

public sealed class HandshakeTests
{
    private static readonly InfoHash Hash = InfoHash.Parse("0123456789abcdef0123456789abcdef01234567");

    [Fact]
    public void Every_set_of_features_comes_back()
    {
        PeerId id = PeerId.Create(new Random(1));
        for (int features = 0; features < 16; features++)
        {
            Handshake written = new(Hash, id, (HandshakeFeatures)features);
            var bytes = new byte[Handshake.Length];
            written.Write(bytes);
            Assert.True(Handshake.TryRead(bytes, out Handshake read));
            Assert.Equal(written, read);
        }
    }

    [Theory]
    [InlineData(HandshakeFeatures.Extended, 25, 0x10)]
    [InlineData(HandshakeFeatures.Dht, 27, 0x01)]
    [InlineData(HandshakeFeatures.Fast, 27, 0x04)]
    [InlineData(HandshakeFeatures.V2, 27, 0x10)]
    internal void A_feature_sets_its_reserved_bit(HandshakeFeatures feature, int at, byte bit)
    {
        var bytes = new byte[Handshake.Length];
        Array.Fill(bytes, (byte)0xFF);
        new Handshake(Hash, default, feature).Write(bytes);
        Assert.Equal(bit, bytes[at]);
        Assert.Equal(7, bytes[20..28].Count(b => b == 0));
    }

    [Fact]
    public void Truncated_or_foreign_bytes_are_refused()
    {
        var bytes = new byte[Handshake.Length];
        new Handshake(Hash, default, HandshakeFeatures.None).Write(bytes);
        for (int length = 0; length < bytes.Length; length++)
        {
            Assert.False(Handshake.TryRead(bytes.AsSpan(0, length), out _));
            Assert.True(Handshake.CanBegin(bytes.AsSpan(0, length)));
        }
        for (int at = 0; at < 20; at++)
        {
            byte[] other = [.. bytes];
            other[at] ^= 1;
            Assert.False(Handshake.TryRead(other, out _));
            Assert.False(Handshake.CanBegin(other.AsSpan(0, at + 1)));
        }
    }

    [Fact]
    public void Our_peer_ids_name_the_client_and_differ()
    {
        Random random = new(5);
        PeerId first = PeerId.Create(random), second = PeerId.Create(random);
        Assert.StartsWith("-CB0100-", first.ToString(), StringComparison.Ordinal);
        Assert.StartsWith("-CB0100-", second.ToString(), StringComparison.Ordinal);
        Assert.NotEqual(first, second);
    }
}
