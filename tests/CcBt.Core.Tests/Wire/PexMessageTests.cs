using CcBt.Core.Addressing;
using CcBt.Core.Wire;

namespace CcBt.Core.Tests.Wire;

public sealed class PexMessageTests
{
    [Fact]
    public void Both_families_and_their_flags_come_back()
    {
        PexMessage written = Sample(6);
        Assert.True(PexMessage.TryRead(written.Write(), out PexMessage read));
        Assert.Equal(written.Added.OrderBy(static p => p.Address), read.Added.OrderBy(static p => p.Address));
        Assert.Equal(written.Dropped.Order(), read.Dropped.Order());
    }

    [Fact]
    public void An_empty_message_still_names_a_list()
    {
        Assert.Equal("d5:added0:7:added.f0:7:dropped0:e"u8.ToArray(), new PexMessage().Write());
    }

    [Fact]
    public void A_single_address_of_IPv6_is_told()
    {
        var written = new PexMessage();
        written.Added.Add(new PexPeer(PeerAddress.FromBytes([0x20, 1, 0xD, 0xB8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1], 99), PexFlags.UploadOnly));
        Assert.True(PexMessage.TryRead(written.Write(), out PexMessage read));
        Assert.Equal(written.Added, read.Added);
        Assert.Empty(read.Dropped);
    }

    [Fact]
    public void Both_directions_are_bounded()
    {
        PexMessage many = Sample(300);
        Assert.True(PexMessage.TryRead(many.Write(), out PexMessage sent));
        Assert.Equal(Limits.PexEntriesWritten, sent.Added.Count);
        Assert.Equal(Limits.PexEntriesWritten, sent.Dropped.Count);
        byte[] flood = [.. "d5:added6000:"u8, .. Enumerable.Repeat((byte)7, 6000), .. "7:dropped6000:"u8, .. Enumerable.Repeat((byte)8, 6000), .. "e"u8];
        Assert.True(PexMessage.TryRead(flood, out PexMessage read));
        Assert.Equal(Limits.PexEntriesRead, read.Added.Count);
        Assert.Equal(Limits.PexEntriesRead, read.Dropped.Count);
    }

    [Fact]
    public void Flags_stay_with_their_peers_when_an_entry_is_unusable_or_flags_are_missing()
    {
        byte[] bytes = [.. "d5:added18:"u8, 1, 1, 1, 1, 0, 0, 2, 2, 2, 2, 0, 9, 3, 3, 3, 3, 0, 9, .. "7:added.f2:"u8, 1, 2, .. "e"u8];
        Assert.True(PexMessage.TryRead(bytes, out PexMessage read));
        Assert.Equal(["2.2.2.2:9", "3.3.3.3:9"], read.Added.Select(static p => p.Address.ToString()));
        Assert.Equal([PexFlags.UploadOnly, PexFlags.None], read.Added.Select(static p => p.Flags));
    }

    [Theory]
    [InlineData("le")]
    [InlineData("i0e")]
    [InlineData("0:")]
    public void What_is_no_dictionary_is_refused(string text)
        => Assert.False(PexMessage.TryRead(System.Text.Encoding.Latin1.GetBytes(text), out _));

    [Fact]
    public void Truncated_messages_are_refused()
    {
        byte[] bytes = Sample(4).Write();
        for (int length = 0; length < bytes.Length; length++)
            Assert.False(PexMessage.TryRead(bytes.AsMemory(0, length), out _));
    }

    internal static PexMessage Sample(int count)
    {
        PexMessage message = new();
        for (int i = 0; i < count; i++)
        {
            var v4 = PeerAddress.FromV4(0x50000000u + (uint)i, (ushort)(1000 + i));
            var v6 = PeerAddress.FromBytes([0x20, 1, 0xD, 0xB8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, (byte)i], 99);
            message.Added.Add(new PexPeer(i % 2 == 0 ? v4 : v6, (PexFlags)(i % 32)));
            message.Dropped.Add(i % 2 == 1 ? v4 : v6);
        }
        return message;
    }
}
