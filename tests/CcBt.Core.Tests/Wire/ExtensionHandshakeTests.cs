using CcBt.Core.Addressing;
using CcBt.Core.Wire;

namespace CcBt.Core.Tests.Wire;

public sealed class ExtensionHandshakeTests
{
    [Fact]
    public void Everything_comes_back()
    {
        ExtensionHandshake written = new()
        {
            MetadataId = 3,
            PexId = 0,
            Port = 6881,
            Client = "µTorrent 1.2",
            YourAddress = PeerAddress.FromV4(0x01020304, 0),
            V4 = PeerAddress.FromV4(0x05060708, 0),
            V6 = PeerAddress.FromBytes([0x20, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1], 0),
            RequestQueue = 500,
            MetadataSize = 31235,
            IsUploadOnly = true,
        };
        Assert.True(ExtensionHandshake.TryRead(written.Write(), out ExtensionHandshake read));
        Assert.Equal(written, read);
        Assert.True(ExtensionHandshake.TryRead(new ExtensionHandshake().Write(), out read));
        Assert.Equal(new ExtensionHandshake(), read);
    }

    [Fact]
    public void The_example_of_the_specification_is_read()
    {
        byte[] bytes = [.. "d1:md11:LT_metadatai1e6:ut_pexi2ee1:pi6881e1:v13:"u8, 0xC2, 0xB5, .. "Torrent 1.2e"u8];
        Assert.True(ExtensionHandshake.TryRead(bytes, out ExtensionHandshake read));
        Assert.Equal(new ExtensionHandshake { PexId = 2, Port = 6881, Client = "µTorrent 1.2" }, read);
    }

    [Fact]
    public void An_IPv4_address_is_no_IPv6_address_of_the_sender()
    {
        byte[] bytes = [.. "d4:ipv616:"u8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF, 1, 2, 3, 4, (byte)'e'];
        Assert.True(ExtensionHandshake.TryRead(bytes, out ExtensionHandshake read));
        Assert.Null(read.V6);
    }

    [Theory]
    [InlineData("d13:metadata_sizei2038487152ee")]
    [InlineData("d13:metadata_sizei0ee")]
    [InlineData("d1:md11:ut_metadatai256e6:ut_pexi-1eee")]
    [InlineData("d1:pi70000ee")]
    [InlineData("d1:mi7e1:p3:abce")]
    [InlineData("d4:reqqi-5e6:yourip3:abce")]
    public void Senseless_entries_are_left_out(string text)
    {
        Assert.True(ExtensionHandshake.TryRead(System.Text.Encoding.Latin1.GetBytes(text), out ExtensionHandshake read));
        Assert.Equal(new ExtensionHandshake(), read);
    }

    [Theory]
    [InlineData(0, 1, 1, 1)]
    [InlineData(byte.MaxValue, ushort.MaxValue, int.MaxValue, Limits.MetadataBytes)]
    public void Numbers_are_read_from_the_least_to_the_most_that_makes_sense(int id, int port, int queue, int size)
    {
        byte[] bytes = System.Text.Encoding.ASCII.GetBytes($"d1:md11:ut_metadatai{id}e6:ut_pexi{id}ee13:metadata_sizei{size}e1:pi{port}e4:reqqi{queue}ee");
        Assert.True(ExtensionHandshake.TryRead(bytes, out ExtensionHandshake read));
        Assert.Equal(
            new ExtensionHandshake { MetadataId = (byte)id, PexId = (byte)id, Port = (ushort)port, RequestQueue = queue, MetadataSize = size },
            read);
    }

    [Fact]
    public void Names_are_cut_and_cleaned()
    {
        byte[] bytes = [.. "d1:v400:"u8, .. Enumerable.Repeat((byte)'\n', 400), .. "e"u8];
        Assert.True(ExtensionHandshake.TryRead(bytes, out ExtensionHandshake read));
        Assert.Equal(new string('\uFFFD', Limits.ClientNameBytes), read.Client);
    }

    [Fact]
    public void What_is_no_dictionary_is_refused()
    {
        foreach (string text in new[] { "", "le", "i1e", "d1:v", "de1" })
            Assert.Equal(text == "de1", ExtensionHandshake.TryRead(System.Text.Encoding.Latin1.GetBytes(text), out _));
    }
}
