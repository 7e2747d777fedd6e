using System.IO.Compression;
using System.Text;
using CcBt.Core.Trackers;
using Xunit.Abstractions;

namespace CcBt.Core.Tests.Transport;

/// <summary>What answers that are made to hurt cost the whole process, the server's part included.</summary>
[Collection(AloneCollection.Name)]
public sealed class TrackerMemoryTests(ITestOutputHelper output) : IDisposable
{
    private const long Most = 2 << 20;
    private readonly TrackerClientFixture _fixture = new();

    public void Dispose() => _fixture.Dispose();

    [Theory]
    [InlineData("gigabyte", "AnswerTooLong")]
    [InlineData("chunks", "AnswerTooLong")]
    [InlineData("gzip", "AnswerTooLong")]
    [InlineData("deflate", "AnswerTooLong")]
    [InlineData("headers", "InvalidAnswer")]
    [InlineData("redirects", "RedirectRefused")]
    public async Task An_answer_that_is_made_to_hurt_takes_two_megabytes_at_the_most(string kind, string failure)
    {
        byte[] head = Encoding.ASCII.GetBytes(Head(kind));
        byte[] block = kind is "gzip" or "deflate" ? Bomb(kind) : kind == "headers" ? Encoding.ASCII.GetBytes("X: 0123456789\r\n") : [.. "10000\r\n"u8, .. new byte[65536], .. "\r\n"u8];
        await using var server = new ScriptedHttpServer(async (_, stream, token) =>
        {
            await stream.WriteAsync(head, token);
            for (int i = 0; kind != "redirects" && i < 16_384; i++)
                await stream.WriteAsync(block, token);
        });
        // What the first announce of a process costs once is none of the answer's.
        for (int i = 0; i < 2; i++)
            await _fixture.AnnounceAsync($"http://tracker.test:{server.Port}/announce");
        long before = GC.GetTotalAllocatedBytes(precise: true);
        AnnounceResult result = await _fixture.AnnounceAsync($"http://tracker.test:{server.Port}/announce");
        long allocated = GC.GetTotalAllocatedBytes(precise: true) - before;
        output.WriteLine($"{kind}: {result.Failure}, {allocated / 1024} KiB allocated in all");
        Assert.Equal(failure, result.Failure.ToString());
        Assert.InRange(allocated, 1, Most);
    }

    private static string Head(string kind) => "HTTP/1.1 " + kind switch
    {
        "gigabyte" => "200 OK\r\nContent-Length: 1073741824\r\n\r\n",
        "chunks" => "200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
        "headers" => "200 OK\r\n",
        "redirects" => "302 Found\r\nLocation: /announce?again\r\nContent-Length: 0\r\n\r\n",
        _ => $"200 OK\r\nContent-Encoding: {kind}\r\n\r\n",
    };

    /// <summary>A hundred megabytes of zeros, packed.</summary>
    private static byte[] Bomb(string encoding)
    {
        using var packed = new MemoryStream();
        using (Stream stream = encoding == "gzip" ? new GZipStream(packed, CompressionLevel.Fastest, true) : new ZLibStream(packed, CompressionLevel.Fastest, true))
        {
            for (int i = 0; i < 100; i++)
                stream.Write(new byte[1 << 20]);
        }
        return packed.ToArray();
    }
}
