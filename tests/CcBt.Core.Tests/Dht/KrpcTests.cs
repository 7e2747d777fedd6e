using System.Text;
using CcBt.Core.Addressing;
using CcBt.Core.Dht;

namespace CcBt.Core.Tests.Dht;

public sealed class KrpcTests
{
    private static readonly PeerAddress s_other = PeerAddress.FromV4(0x01020304, 0x0506);
    private static readonly NodeId s_id = new("abcdefghij0123456789"u8);
    private static readonly NodeId s_target = new("mnopqrstuvwxyz123456"u8);

    // The packets of BEP 5.
    [Theory]
    [InlineData("d1:ad2:id20:abcdefghij0123456789e1:q4:ping1:t2:aa1:y1:qe", "Query", "ping")]
    [InlineData("d1:ad2:id20:abcdefghij01234567896:target20:mnopqrstuvwxyz123456e1:q9:find_node1:t2:aa1:y1:qe", "Query", "find_node")]
    [InlineData("d1:ad2:id20:abcdefghij01234567899:info_hash20:mnopqrstuvwxyz123456e1:q9:get_peers1:t2:aa1:y1:qe", "Query", "get_peers")]
    [InlineData("d1:ad2:id20:abcdefghij012345678912:implied_porti1e9:info_hash20:mnopqrstuvwxyz1234564:porti6881e5:token8:aoeusnthe1:q13:announce_peer1:t2:aa1:y1:qe", "Query", "announce_peer")]
    [InlineData("d1:rd2:id20:mnopqrstuvwxyz123456e1:t2:aa1:y1:re", "Response", "")]
    [InlineData("d1:rd2:id20:abcdefghij01234567895:token8:aoeusnth6:valuesl6:axje.u6:idhtnmee1:t2:aa1:y1:re", "Response", "")]
    [InlineData("d1:eli201e23:A Generic Error Ocurrede1:t2:aa1:y1:ee", "Error", "")]
    public void Packets_of_the_specification_are_read(string packet, string kind, string method)
    {
        var reader = new KrpcReader();
        Assert.True(reader.TryRead(Encoding.Latin1.GetBytes(packet)));
        Assert.Equal(kind, reader.Kind.ToString());
        Assert.Equal(method, Encoding.ASCII.GetString(reader.Method));
        Assert.Equal("aa", Encoding.ASCII.GetString(reader.Transaction));
        Assert.Equal(kind != "Error", reader.TryGetId("id"u8, out _));
        Assert.False(reader.IsReadOnly);
    }

    [Theory]
    [InlineData("")]
    [InlineData("d")]
    [InlineData("le")]
    [InlineData("i1e")]
    [InlineData("de")]
    [InlineData("d1:ad2:id20:abcdefghij0123456789e1:q4:ping1:y1:qe")]
    [InlineData("d1:q4:ping1:t0:1:y1:qe")]
    [InlineData("d1:q4:ping1:ti5e1:y1:qe")]
    [InlineData("d1:q4:ping1:t2:aa1:y1:xe")]
    [InlineData("d1:q4:ping1:t2:aa1:y2:qqe")]
    [InlineData("d1:q4:ping1:t2:aae")]
    [InlineData("d1:q4:ping1:t33:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa1:y1:qe")]
    public void What_is_no_message_is_refused(string packet)
    {
        var reader = new KrpcReader();
        Assert.False(reader.TryRead(Encoding.Latin1.GetBytes(packet)));
        Assert.Equal(KrpcKind.None, reader.Kind);
    }

    [Fact]
    public void Nesting_ends_at_ten_levels_and_values_at_five_hundred()
    {
        // The packet is the first level; it and its other keys and values are eight values.
        Assert.True(Reads(new string('l', Limits.DhtBencodeDepth - 1) + new string('e', Limits.DhtBencodeDepth - 1)));
        Assert.False(Reads(new string('l', Limits.DhtBencodeDepth) + new string('e', Limits.DhtBencodeDepth)));
        Assert.True(Reads("l" + string.Concat(Enumerable.Repeat("0:", Limits.DhtBencodeTokens - 9)) + "e"));
        Assert.False(Reads("l" + string.Concat(Enumerable.Repeat("0:", Limits.DhtBencodeTokens - 8)) + "e"));
        static bool Reads(string value) => new KrpcReader().TryRead(Encoding.ASCII.GetBytes("d1:q4:ping1:t2:aa1:x" + value + "1:y1:qe"));
    }

    [Fact]
    public void Queries_are_written_as_the_specification_has_them()
    {
        Assert.Equal("d1:ad2:id20:abcdefghij0123456789e1:q4:ping1:t4:aaaa1:v4:CB\0\u00011:y1:qe",
            Write(new PendingQuery(QueryKind.Ping, s_other)));
        Assert.Equal("d1:ad2:id20:abcdefghij01234567896:target20:mnopqrstuvwxyz1234564:wantl2:n42:n6ee1:q9:find_node1:t4:aaaa1:v4:CB\0\u00011:y1:qe",
            Write(new PendingQuery(QueryKind.FindNode, s_other) { Target = s_target }, want: true));
        Assert.Equal("d1:ad2:id20:abcdefghij01234567899:info_hash20:mnopqrstuvwxyz123456e1:q9:get_peers2:roi1e1:t4:aaaa1:v4:CB\0\u00011:y1:qe",
            Write(new PendingQuery(QueryKind.GetPeers, s_other) { Target = s_target }, isReadOnly: true));
        Assert.Equal("d1:ad2:id20:abcdefghij012345678912:implied_porti1e9:info_hash20:mnopqrstuvwxyz1234564:porti6881e5:token8:aoeusnthe1:q13:announce_peer1:t4:aaaa1:v4:CB\0\u00011:y1:qe",
            Write(new PendingQuery(QueryKind.AnnouncePeer, s_other) { Target = s_target, Port = 6881, ImpliedPort = true, Token = "aoeusnth"u8.ToArray() }));
    }

    [Fact]
    public void Answers_tell_the_asker_its_address()
    {
        var writer = new KrpcWriter();
        writer.BeginResponse(s_other, s_id);
        writer.EndResponse("xy"u8);
        Assert.Equal("d2:ip6:\u0001\u0002\u0003\u0004\u0005\u00061:rd2:id20:abcdefghij0123456789e1:t2:xy1:v4:CB\0\u00011:y1:re",
            Encoding.Latin1.GetString(writer.Written));
        writer.Error(s_other, "xy"u8, KrpcErrorCode.MethodUnknown, "No.");
        Assert.Equal("d1:eli204e3:No.e2:ip6:\u0001\u0002\u0003\u0004\u0005\u00061:t2:xy1:v4:CB\0\u00011:y1:ee",
            Encoding.Latin1.GetString(writer.Written));
    }

    private static string Write(PendingQuery query, bool isReadOnly = false, bool want = false)
    {
        query.Transaction = 0x61616161;
        var writer = new KrpcWriter();
        writer.Query(query, s_id, isReadOnly, want);
        return Encoding.Latin1.GetString(writer.Written);
    }

    [Theory]
    [InlineData("i0e", false)]
    [InlineData("i1e", true)]
    [InlineData("i2e", false)]
    [InlineData("1:1", false)]
    public void Only_a_one_says_read_only(string value, bool isReadOnly)
    {
        var reader = new KrpcReader();
        Assert.True(reader.TryRead(Encoding.ASCII.GetBytes($"d1:q4:ping2:ro{value}1:t2:aa1:y1:qe")));
        Assert.Equal(isReadOnly, reader.IsReadOnly);
    }

    [Fact]
    public void A_transaction_id_of_32_bytes_is_the_longest()
    {
        Assert.True(new KrpcReader().TryRead(Encoding.ASCII.GetBytes($"d1:q4:ping1:t{Limits.DhtTransactionBytes}:{new string('a', Limits.DhtTransactionBytes)}1:y1:qe")));
    }
}
