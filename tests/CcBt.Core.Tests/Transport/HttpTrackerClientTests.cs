using System.IO.Compression;
using System.Text;
using CcBt.Core.Tests.Trackers;
using CcBt.Core.Trackers;

namespace CcBt.Core.Tests.Transport;

public sealed class HttpTrackerClientTests : IDisposable
{
    private const string Body = "d8:completei1e8:intervali1800e5:peers6:\u0001\u0002\u0003\u0004\u001a\u00e1e";
    private readonly TrackerClientFixture _fixture = new();

    public void Dispose() => _fixture.Dispose();

    private static byte[] Bytes(string text) => Encoding.Latin1.GetBytes(text);

    private static byte[] Compressed(byte[] plain, string encoding)
    {
        using var output = new MemoryStream();
        using (Stream stream = encoding == "gzip" ? new GZipStream(output, CompressionLevel.Fastest, true) : new ZLibStream(output, CompressionLevel.Fastest, true))
            stream.Write(plain);
        byte[] body = output.ToArray();
        return [.. Bytes($"HTTP/1.1 200 OK\r\nContent-Encoding: {encoding}\r\nContent-Length: {body.Length}\r\n\r\n"), .. body];
    }

    private static byte[] Framed(string framing) => framing switch
    {
        "length" => Bytes(ScriptedHttpServer.Ok(Body)),
        "chunked" => Bytes("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + string.Concat(Body.Select(c => $"1\r\n{c}\r\n")) + "0\r\n\r\n"),
        "close" => Bytes("HTTP/1.0 200 OK\r\n\r\n" + Body),
        _ => Compressed(Bytes(Body), framing),
    };

    [Theory]
    [InlineData("length")]
    [InlineData("chunked")]
    [InlineData("close")]
    [InlineData("gzip")]
    [InlineData("deflate")]
    public async Task An_answer_is_read_however_it_is_framed(string framing)
    {
        await using var server = new ScriptedHttpServer(Framed(framing));
        AnnounceResult result = await _fixture.AnnounceAsync($"http://tracker.test:{server.Port}/announce");
        Assert.True(result.IsSuccess, result.Message);
        Assert.Equal("1.2.3.4:6881", Assert.Single(result.Reply!.Peers).ToString());
        Assert.Equal($"127.0.0.1:{server.Port}", result.Tracker.ToString());
    }

    [Theory]
    [InlineData("length")]
    [InlineData("chunked")]
    [InlineData("close")]
    [InlineData("gzip")]
    [InlineData("deflate")]
    public async Task An_answer_that_comes_byte_by_byte_is_the_same(string framing)
    {
        await using var server = new ScriptedHttpServer(async (_, stream, token) =>
        {
            foreach (byte one in Framed(framing))
                await stream.WriteAsync(new[] { one }, token);
        });
        AnnounceResult result = await _fixture.AnnounceAsync($"http://tracker.test:{server.Port}/announce");
        Assert.True(result.IsSuccess, result.Message);
        Assert.Equal("1.2.3.4:6881", Assert.Single(result.Reply!.Peers).ToString());
    }

    [Fact]
    public async Task The_request_holds_what_it_should_and_nothing_more()
    {
        await using var server = new ScriptedHttpServer(ScriptedHttpServer.Ok(Body));
        AnnounceOrder order = TrackerClientFixture.Order($"http://tracker.test:{server.Port}/announce?pass=%0d%0aX:%20y%FF&b");
        order = order with { Request = order.Request with { TrackerId = "a\r\nX-Injected: 1\r\n\r\n"u8.ToArray() } };
        Assert.True((await _fixture.AnnounceAsync(order)).IsSuccess);
        string[] lines = Assert.Single(server.Heads).Split("\r\n");
        Assert.Equal("GET /announce?pass=%0d%0aX:%20y%FF&b&info_hash=%00%FF%20A%0A~-_%26%2F%3F%3D%25%C3%A9%E2%80%90%AB%CD&peer_id=-CC0100-abcdefghijkl&port=6881"
            + "&uploaded=1&downloaded=2&left=3&compact=1&no_peer_id=1&key=DEADBEEF&numwant=50&trackerid=a%0D%0AX-Injected%3A%201%0D%0A%0D%0A HTTP/1.1", lines[0]);
        Assert.Equal(["Accept-Encoding: gzip, deflate", "Connection: close", $"Host: tracker.test:{server.Port}", "User-Agent: CcBt.Core/0.1.0", "", ""],
            lines[1..].OrderBy(line => line.Length == 0).ThenBy(line => line, StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("200 OK", "d14:failure reason6:go\u0001 on8:retry in1:5e", "Refused", 300)]
    [InlineData("400 Bad Request", "d14:failure reason3:bade", "Refused", null)]
    [InlineData("404 Not Found", "<html>", "HttpStatus", null)]
    [InlineData("500 Oops", "d8:intervali1800e5:peers0:e", "HttpStatus", null)]
    [InlineData("503 Busy\r\nRetry-After: 120", "", "HttpStatus", 120)]
    [InlineData("200 OK", "<html>", "InvalidAnswer", null)]
    [InlineData("200 OK", "", "InvalidAnswer", null)]
    public async Task Refusals_and_nonsense_are_failures_with_words(string status, string body, string failure, int? retrySeconds)
    {
        await using var server = new ScriptedHttpServer($"HTTP/1.1 {status}\r\nContent-Length: {body.Length}\r\n\r\n{body}");
        AnnounceResult result = await _fixture.AnnounceAsync($"http://tracker.test:{server.Port}/announce");
        Assert.Equal(failure, result.Failure.ToString());
        Assert.NotEmpty(result.Message!);
        Assert.DoesNotContain(result.Message!, char.IsControl);
        Assert.Equal(retrySeconds, (int?)result.Reply?.RetryIn?.TotalSeconds);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\0\0\0\0garbage\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nd8:")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 5\r\n\r\nhello")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n")]
    public async Task Broken_http_is_an_invalid_answer(string answer)
    {
        await using var server = new ScriptedHttpServer(answer);
        Assert.Equal(TrackerFailure.InvalidAnswer, (await _fixture.AnnounceAsync($"http://tracker.test:{server.Port}/announce")).Failure);
    }

    [Fact]
    public async Task Endless_headers_are_cut()
    {
        await using var server = new ScriptedHttpServer("HTTP/1.1 200 OK\r\n" + string.Concat(Enumerable.Repeat("X: 0123456789\r\n", 5000)));
        Assert.Equal(TrackerFailure.InvalidAnswer, (await _fixture.AnnounceAsync($"http://tracker.test:{server.Port}/announce")).Failure);
    }

    [Fact]
    public async Task A_body_of_a_gigabyte_is_cut_at_the_limit()
    {
        long written = 0;
        await using var server = new ScriptedHttpServer(async (_, stream, token) =>
        {
            await stream.WriteAsync(Bytes("HTTP/1.1 200 OK\r\nContent-Length: 1073741824\r\n\r\n"), token);
            var block = new byte[65536];
            for (; written < 1 << 30; written += block.Length)
                await stream.WriteAsync(block, token);
        });
        Assert.Equal(TrackerFailure.AnswerTooLong, (await _fixture.AnnounceAsync($"http://tracker.test:{server.Port}/announce")).Failure);
        Assert.True(written < 64 << 20, $"{written} bytes were taken.");
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("deflate")]
    public async Task A_compression_bomb_is_counted_unpacked(string encoding)
    {
        byte[] bomb = Compressed(new byte[100 << 20], encoding);
        await using var server = new ScriptedHttpServer(bomb);
        long before = GC.GetTotalAllocatedBytes();
        Assert.Equal(TrackerFailure.AnswerTooLong, (await _fixture.AnnounceAsync($"http://tracker.test:{server.Port}/announce")).Failure);
        Assert.True(GC.GetTotalAllocatedBytes() - before < 200 << 20);
    }

    [Fact]
    public async Task A_body_at_the_limit_is_read()
    {
        string body = $"d8:intervali1800e1:x{Limits.TrackerAnswerBytes - 29}:{new string('x', Limits.TrackerAnswerBytes - 29)}e";
        Assert.Equal(Limits.TrackerAnswerBytes, body.Length);
        await using var server = new ScriptedHttpServer(ScriptedHttpServer.Ok(body));
        Assert.True((await _fixture.AnnounceAsync($"http://tracker.test:{server.Port}/announce")).IsSuccess);
    }

    [Fact]
    public async Task A_body_of_a_byte_more_is_not()
    {
        string body = $"d8:intervali1800e1:x{Limits.TrackerAnswerBytes - 28}:{new string('x', Limits.TrackerAnswerBytes - 28)}e";
        await using var server = new ScriptedHttpServer(ScriptedHttpServer.Ok(body));
        Assert.Equal(TrackerFailure.AnswerTooLong, (await _fixture.AnnounceAsync($"http://tracker.test:{server.Port}/announce")).Failure);
    }

    [Fact]
    public async Task A_scrape_is_read()
    {
        string hash = Encoding.Latin1.GetString(AnnounceSamples.Hash.ToArray());
        await using var server = new ScriptedHttpServer(ScriptedHttpServer.Ok($"d5:filesd20:{hash}d8:completei3eeee"));
        var result = await _fixture.Client.ScrapeAsync(AnnounceSamples.Url($"http://tracker.test:{server.Port}/announce"), default, [AnnounceSamples.Hash], default);
        Assert.Equal(new ScrapeEntry(AnnounceSamples.Hash, 3, 0, 0, null), Assert.Single(result.Reply!.Entries));
        Assert.StartsWith("GET /scrape?info_hash=%00%FF", server.Heads.First(), StringComparison.Ordinal);
    }
}
