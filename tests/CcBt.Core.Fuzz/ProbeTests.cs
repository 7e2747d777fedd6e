using System.Text;
using System.Text.Json;
using CcBt.Core.Fuzz.Generation;
using CcBt.Core.Fuzz.Probing;

namespace CcBt.Core.Fuzz;

public sealed class ProbeTests
{
    private const string Hash = "c12fe1c06bba254a9dc9f519b335aa7c1367a88a";

    /// <summary>Kind, the other fields, and a part of the answer.</summary>
    public static TheoryData<string, string, string> Good => new()
    {
        { "bencode", """ "text":"d1:ai-5e1:bl1:xee" """, """{"length":17,"tree":["dictionary","61",-5,"62",["list","78"]]}""" },
        { "bencode", """ "hex":"69306578","limits":"wire" """, """{"length":3,"tree":0}""" },
        { "magnet", $""" "text":"magnet:?xt=urn:btih:{Hash}&dn=a+b&x.pe=127.0.0.1:1" """, $$"""{"name":"a b","infoHashV1":"{{Hash}}","infoHashV2":null""" },
        { "path", """ "text":"../con" """, """{"element":".._con"}""" },
        { "path", """ "paths":[["a","B"],["A","b"],["a"]] """, """{"paths":["a/B","a/b.1","a.1"]}""" },
        { "compact-peers", """ "hex":"7f0000010050" """, """{"peers":["127.0.0.1:80"]}""" },
        { "compact-peers", """ "hex":"200100000000000000000000000000010050","family":6 """, """{"peers":["[2001::1]:80"]}""" },
        { "dht-id", """ "address":"124.31.75.21","random":1 """, """{"nodeId":"5fbfb9""" },
        { "dht-id", """ "address":"124.31.75.21","nodeId":"5fbfbff10c5d6a4ec8a88e4c6ab4c28b95eee401" """, "\"matches\":true,\"compliant\":true}" },
        { "dht-id", """ "address":"21.75.31.124","nodeId":"5a3ce9c14e7a08645677bbd1cfe7d8f956d53256" """, "\"matches\":true,\"compliant\":true}" },
        { "dht-id", """ "address":"65.23.51.170","nodeId":"a5d43220bc8f112a3d426c84764f8c2a1150e616" """, "\"matches\":true,\"compliant\":true}" },
        { "dht-id", """ "address":"84.124.73.14","nodeId":"1b0321dd1bb1fe518101ceef99462b947a01ff41" """, "\"matches\":true,\"compliant\":true}" },
        { "dht-id", """ "address":"43.213.53.83","nodeId":"e56f6cbf5b7c4be0237986d5243b87aa6d51305a" """, "\"matches\":true,\"compliant\":true}" },
        { "dht-id", """ "address":"43.213.53.83","nodeId":"e46f6cbf5b7c4be0237986d5243b87aa6d51305a" """, "\"matches\":false,\"compliant\":false}" },
        { "dht-token", $""" "address":"1.2.3.4:5","infoHash":"{Hash}","afterSeconds":599 """, "\"valid\":true}" },
        { "dht-token", $""" "address":"1.2.3.4:5","infoHash":"{Hash}","afterSeconds":600 """, "\"valid\":false}" },
        { "dht-token", $""" "address":"1.2.3.4:5","infoHash":"{Hash}","from":"1.2.3.5:5" """, "\"valid\":false}" },
        { "fast-set", """ "address":"80.4.4.200","infoHash":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa","pieceCount":1313,"count":7 """, """{"pieces":[1059,431,808,1217,287,376,1188]}""" },
        { "fast-set", """ "address":"80.4.4.200","infoHash":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa","pieceCount":1313,"count":9 """, """{"pieces":[1059,431,808,1217,287,376,1188,353,508]}""" },
        { "fast-set", """ "address":"2001:db8::1","infoHash":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa","pieceCount":1313 """, """{"pieces":[]}""" },
        { "krpc", """ "text":"d1:ad2:id20:abcdefghij0123456789e1:q4:ping1:t2:aa1:y1:qe" """, """{"type":"query","transaction":"6161","method":"ping","readOnly":false,"externalAddress":null,"id":"6162636465666768696a30313233343536373839" """ },
        { "handshake", $""" "hex":"13426974546f7272656e742070726f746f636f6c0000000000100005{Hash}2d4342303130302d303030303030303030303030" """, $$"""{"infoHash":"{{Hash}}","peerId":"2d4342303130302d303030303030303030303030","extended":true,"dht":true,"fast":true,"v2":false}""" },
        { "ut-metadata", """ "text":"d8:msg_typei1e5:piecei0e10:total_sizei3eeabc" """, """{"type":"data","piece":0,"totalSize":3,"data":"616263"}""" },
        { "ut-metadata", """ "text":"d8:msg_typei9e5:piecei7ee" """, """{"type":"unknown","piece":0,"totalSize":null,"data":""}""" },
        { "ut-pex", """ "hex":"64353a6164646564363a7f0000010050373a61646465642e66313a02373a64726f70706564303a65" """, """{"added":[{"address":"127.0.0.1:80","flags":2}],"dropped":[]}""" },
        { "tracker-response", """ "hex":"64383a696e74657276616c693138303065353a7065657273363a7f000001005065" """, """ "intervalSeconds":1800,"minIntervalSeconds":null,"seeds":null,"leeches":null,"trackerId":"","externalAddress":null,"peers":["127.0.0.1:80"]}""" },
        { "tracker-response", """ "hex":"0000000300000001626164","protocol":"udp" """, """{"failureReason":"bad" """ },
        { "url", """ "text":"HTTP://User@Tracker.Example/a b","address":"127.0.0.1" """, """{"scheme":"http","host":"tracker.example","port":80,"pathAndQuery":"/a%20b","userInfo":"User","text":"http://User@tracker.example/a%20b","allowed":false}""" },
        { "url", """ "text":"https://a/x?port=1","use":"redirect" """, """ "pathAndQuery":"/x?port=1" """ },
        { "merkle", """ "hex":"61" """, """{"root":"ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb","layer":[]}""" },
    };

    /// <summary>Kind and fields that are refused, and why.</summary>
    public static TheoryData<string, string, string> Bad => new()
    {
        { "bencode", """ "text":"i01e" """, "InvalidInteger at byte 0" },
        { "bencode", """ "text":"d1:b0:1:a0:e","strict":true """, "UnsortedKeys" },
        { "bencode", """ "hex":"6" """, "'hex' is not hexadecimal" },
        { "bencode", "", "'hex' or 'text' is missing" },
        { "torrent", """ "text":"de" """, "info: It is missing" },
        { "magnet", """ "text":"magnet:?dn=x" """, "xt" },
        { "path", """ "paths":[[]] """, "'paths' must be a list" },
        { "compact-peers", """ "hex":"7f" """, "no whole number of entries" },
        { "compact-peers", """ "hex":"","family":5 """, "'family' must be 4 or 6" },
        { "dht-id", """ "address":"x","random":1 """, "'address' must be an address" },
        { "dht-id", """ "address":"1.2.3.4","random":256 """, "'random' must be from 0 to 255" },
        { "dht-token", """ "address":"1.2.3.4","infoHash":"x" """, "'infoHash' must be" },
        { "fast-set", $""" "address":"1.2.3.4","infoHash":"{Hash}","pieceCount":-1 """, "'pieceCount' must be" },
        { "krpc", """ "text":"d1:t2:aa1:y1:xe" """, "no DHT packet" },
        { "handshake", """ "text":"GET / HTTP/1.1" """, "no handshake" },
        { "ut-metadata", """ "text":"d8:msg_typei0ee" """, "no message of ut_metadata" },
        { "ut-pex", """ "text":"le" """, "no message of ut_pex" },
        { "tracker-response", """ "text":"<html>" """, "no bencode" },
        { "url", """ "text":"file:///etc/passwd" """, "Scheme" },
        { "merkle", """ "hex":"" """, "without content" },
        { "nonsense", "", "is not known: bencode, torrent" },
    };

    [Theory]
    [MemberData(nameof(Good))]
    public void A_good_question_is_answered(string kind, string fields, string part)
    {
        using JsonDocument answer = JsonDocument.Parse(Ask(kind, fields));
        Assert.True(answer.RootElement.GetProperty("ok").GetBoolean(), answer.RootElement.GetRawText());
        Assert.Contains(part.Trim(' '), answer.RootElement.GetProperty("value").GetRawText(), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Bad))]
    public void A_bad_question_is_answered_with_the_reason(string kind, string fields, string reason)
    {
        using JsonDocument answer = JsonDocument.Parse(Ask(kind, fields));
        Assert.False(answer.RootElement.GetProperty("ok").GetBoolean());
        Assert.Equal(7, answer.RootElement.GetProperty("id").GetInt32());
        Assert.Contains(reason, answer.RootElement.GetProperty("error").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_torrent_is_answered_with_the_fields_of_show()
    {
        byte[] torrent = TorrentMaker.Hybrid(new Random(1));
        using JsonDocument answer = JsonDocument.Parse(Ask("torrent", $""" "hex":"{Convert.ToHexString(torrent)}" """));
        JsonElement value = answer.RootElement.GetProperty("value");
        Torrent expected = Torrent.Parse(torrent);
        Assert.Equal(expected.InfoHashV1.ToString(), value.GetProperty("infoHashV1").GetString());
        Assert.Equal(expected.InfoHashV2.ToString(), value.GetProperty("infoHashV2").GetString());
        Assert.Equal(expected.Files.Select(file => file.Path), value.GetProperty("files").EnumerateArray().Select(file => file.GetProperty("path").GetString()));
        Assert.Equal(expected.ToMagnetLink().ToString(), value.GetProperty("magnet").GetString());
    }

    [Fact]
    public void The_layers_of_a_file_lead_to_its_root()
    {
        string content = Convert.ToHexString(new Random(1).Bytes(100_000));
        using JsonDocument answer = JsonDocument.Parse(Ask("merkle", $""" "hex":"{content}","pieceLength":32768 """));
        JsonElement value = answer.RootElement.GetProperty("value");
        byte[] layer = [.. value.GetProperty("layer").EnumerateArray().SelectMany(hash => Convert.FromHexString(hash.GetString()!))];
        Assert.Equal(4 * 32, layer.Length);
        Assert.Equal(value.GetProperty("root").GetString(), Convert.ToHexStringLower(Metainfo.MerkleTree.Root(layer, Metainfo.MerkleTree.Height(32768))));
    }

    [Fact]
    public void A_bad_line_does_not_end_the_answers()
    {
        var output = new StringWriter();
        Assert.Equal(0, Probe.Run(new StringReader("nonsense\n[]\n\n{\"id\":\"x\"}\n{\"id\":[1],\"kind\":5}\n{\"kind\":\"merkle\",\"hex\":\"61\"}\n"), output));
        string[] lines = output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(5, lines.Length);
        Assert.All(lines[..4], line => Assert.Contains("\"ok\":false", line, StringComparison.Ordinal));
        Assert.StartsWith("{\"id\":\"x\",", lines[2], StringComparison.Ordinal);
        Assert.StartsWith("{\"id\":[1],", lines[3], StringComparison.Ordinal);
        Assert.StartsWith("{\"id\":null,\"ok\":true,", lines[4], StringComparison.Ordinal);
    }

    [Fact]
    public void Every_kind_is_documented_and_answers_anything_with_a_line()
    {
        var random = new Random(9);
        Assert.Equal(15, ProbeKinds.Names.Count);
        foreach (string kind in ProbeKinds.Names)
        {
            for (int i = 0; i < 300; i++)
            {
                string hex = Convert.ToHexString(random.Chance(50) ? random.Bytes(random.Next(80)) : Mutator.Mutate(KrpcMaker.Answer(random), InputForm.Bencode, [], random));
                string answer = Ask(kind, $""" "hex":"{hex}","text":"{random.Word()}","address":"{random.V4()}","infoHash":"{Hash}","pieceCount":{random.Next(100)},"random":1 """);
                Assert.True(Encoding.UTF8.GetByteCount(answer) > 0 && !answer.Contains('\n'));
            }
        }
    }

    private static string Ask(string kind, string fields)
        => Probe.Answer($"{{\"id\":7,\"kind\":\"{kind}\"{(fields.Length > 0 ? "," : "")}{fields}}}");
}
