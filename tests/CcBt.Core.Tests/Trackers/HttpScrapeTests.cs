using System.Text;
using CcBt.Core.Trackers;

namespace CcBt.Core.Tests.Trackers;

public sealed class HttpScrapeTests
{
    private const string Example = "d5:filesd20:xxxxxxxxxxxxxxxxxxxxd8:completei11e10:downloadedi13772e10:incompletei19ee"
        + "20:yyyyyyyyyyyyyyyyyyyyd8:completei21e10:downloadedi206e11:downloadersi5e10:incompletei20eeee";

    [Theory]
    [InlineData("http://a/announce", "/scrape?info_hash=")]
    [InlineData("http://a/x/announce", "/x/scrape?info_hash=")]
    [InlineData("http://a/announce.php?pass=1", "/scrape.php?pass=1&info_hash=")]
    [InlineData("http://a/announce/announce", "/announce/scrape?info_hash=")]
    [InlineData("http://a/announce/0123", "/scrape/0123?info_hash=")]
    public void The_scrape_path_is_the_announce_path_with_the_word_replaced(string url, string begin)
    {
        Assert.True(HttpScrape.TryBuildTarget(AnnounceSamples.Url(url), [AnnounceSamples.Hash], out string? target));
        Assert.Equal(begin + "%00%FF%20A%0A~-_%26%2F%3F%3D%25%C3%A9%E2%80%90%AB%CD", target);
    }

    [Theory]
    [InlineData("http://a/")]
    [InlineData("http://a/x?y=/announce")]
    [InlineData("udp://a:1/announce")]
    public void Other_paths_cannot_be_scraped(string url)
        => Assert.False(HttpScrape.TryBuildTarget(AnnounceSamples.Url(url), [AnnounceSamples.Hash], out _));

    [Fact]
    public void The_example_of_bep_48_is_read()
    {
        Assert.True(HttpScrape.TryParse(Encoding.ASCII.GetBytes(Example), out ScrapeReply? reply));
        Assert.Equal(new ScrapeEntry(new InfoHash("xxxxxxxxxxxxxxxxxxxx"u8), 11, 13772, 19, null), reply.Entries[0]);
        Assert.Equal(new ScrapeEntry(new InfoHash("yyyyyyyyyyyyyyyyyyyy"u8), 21, 206, 20, 5), reply.Entries[1]);
    }

    [Fact]
    public void A_refusal_is_read()
    {
        Assert.True(HttpScrape.TryParse("d14:failure reason2:noe"u8.ToArray(), out ScrapeReply? reply));
        Assert.Equal("no", reply.FailureReason);
        Assert.False(HttpScrape.TryParse("de"u8.ToArray(), out _));
    }

    [Fact]
    public void Damaged_answers_never_throw()
    {
        byte[] valid = Encoding.ASCII.GetBytes(Example);
        for (int length = 0; length < valid.Length; length++)
            Assert.False(HttpScrape.TryParse(valid.AsMemory(0, length), out _), $"cut at {length}");
        foreach (byte[] body in Mutations.Of(valid, 5000, 5))
        {
            if (HttpScrape.TryParse(body, out ScrapeReply? reply))
                Assert.All(reply.Entries, entry => Assert.True(entry is { Seeds: >= 0, Leeches: >= 0, Completed: >= 0 }));
        }
    }
}
