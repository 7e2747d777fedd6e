using CcBt.Core.Addressing;
using CcBt.Core.Trackers;

namespace CcBt.Core.Tests.Trackers;

public sealed class TrackerUrlTests
{
    [Theory]
    [InlineData("http://Tracker.Example:8080/Announce", "http://tracker.example:8080/Announce")]
    [InlineData(" HTTP://tracker.example:80 ", "http://tracker.example/")]
    [InlineData("https://tracker.example:443/a b?q=é#f", "https://tracker.example/a%20b?q=%C3%A9")]
    [InlineData("udp://tracker.example:6969", "udp://tracker.example:6969")]
    [InlineData("udp://tracker.example:6969/announce?auth=1", "udp://tracker.example:6969/announce?auth=1")]
    [InlineData("http://[2001:DB8::1]:81/announce", "http://[2001:db8::1]:81/announce")]
    [InlineData("http://user:pass@tracker.example/announce", "http://user:pass@tracker.example/announce")]
    [InlineData("http://a_b-c.example./x", "http://a_b-c.example./x")]
    [InlineData("http://127.0.0.1:9/announce", "http://127.0.0.1:9/announce")]
    [InlineData("http://tracker.example/announce?passkey=0a1b&portal=3", "http://tracker.example/announce?passkey=0a1b&portal=3")]
    public void A_good_url_is_read(string text, string canonical) => Assert.Equal(canonical, AnnounceSamples.Url(text).Text);

    [Fact]
    public void A_url_that_escaping_makes_too_long_is_refused()
    {
        string text = "http://a/announce?" + new string('é', 1000);
        Assert.False(TrackerUrl.TryParse(text, out TrackerUrl? url, out TrackerUrlError error));
        Assert.Null(url);
        Assert.Equal(TrackerUrlError.Length, error);
        Assert.False(TrackerUrl.TryParseRedirect(text, out _));
    }

    [Theory]
    [InlineData(null, TrackerUrlError.Length)]
    [InlineData("", TrackerUrlError.Length)]
    [InlineData("ftp://a/announce", TrackerUrlError.Scheme)]
    [InlineData("file:///etc/passwd", TrackerUrlError.Scheme)]
    [InlineData("wss://a/announce", TrackerUrlError.Scheme)]
    [InlineData("a/announce", TrackerUrlError.Scheme)]
    [InlineData("http://a/x\r\nHost: b", TrackerUrlError.ControlCharacter)]
    [InlineData("http://a\0/x", TrackerUrlError.ControlCharacter)]
    [InlineData("http://a/\u0085", TrackerUrlError.ControlCharacter)]
    [InlineData("http:///announce", TrackerUrlError.Host)]
    [InlineData("http://a b/announce", TrackerUrlError.Host)]
    [InlineData("http://a\\b/announce", TrackerUrlError.Host)]
    [InlineData("http://a..b/announce", TrackerUrlError.Host)]
    [InlineData("http://[::1/announce", TrackerUrlError.Host)]
    [InlineData("http://[127.0.0.1]/announce", TrackerUrlError.Host)]
    [InlineData("http://[fe80::1%25eth0]/announce", TrackerUrlError.Host)]
    [InlineData("http://127.1/announce", TrackerUrlError.Host)]
    [InlineData("http://2130706433/announce", TrackerUrlError.Host)]
    [InlineData("http://0177.0.0.1/announce", TrackerUrlError.Host)]
    [InlineData("http://1.2.3.4./announce", TrackerUrlError.Host)]
    [InlineData("http://%6cocalhost/announce", TrackerUrlError.Host)]
    [InlineData("http://a:0/announce", TrackerUrlError.Port)]
    [InlineData("http://a:65536/announce", TrackerUrlError.Port)]
    [InlineData("http://a:+80/announce", TrackerUrlError.Port)]
    [InlineData("http://a:/announce", TrackerUrlError.Port)]
    [InlineData("udp://a/announce", TrackerUrlError.Port)]
    [InlineData("http://xn--trcker-cua.example/announce", TrackerUrlError.LookAlikeHost)]
    [InlineData("http://a.XN--p1ai/announce", TrackerUrlError.LookAlikeHost)]
    [InlineData("http://trаcker.example/announce", TrackerUrlError.LookAlikeHost)]
    [InlineData("http://a/announce?info_hash=x", TrackerUrlError.ClientParameter)]
    [InlineData("http://a/announce?x=1&EVENT=stopped", TrackerUrlError.ClientParameter)]
    [InlineData("http://a/announce?p%6frt=1", TrackerUrlError.ClientParameter)]
    [InlineData("http://a/announce?key", TrackerUrlError.ClientParameter)]
    [InlineData("udp://a:1/announce?peer_id=1", TrackerUrlError.ClientParameter)]
    public void A_bad_url_is_refused(string? text, object error)
    {
        Assert.False(TrackerUrl.TryParse(text, out TrackerUrl? url, out TrackerUrlError given));
        Assert.Null(url);
        Assert.Equal((TrackerUrlError)error, given);
    }

    [Fact]
    public void A_very_long_url_is_refused()
        => Assert.False(TrackerUrl.TryParse("http://a/" + new string('x', 4000), out _, out _));

    [Fact]
    public void Look_alike_hosts_pass_only_when_allowed()
    {
        Assert.True(TrackerUrl.TryParse("http://tr\u00e4cker.example/announce", out TrackerUrl? url, out _, allowLookAlikeHosts: true));
        Assert.Equal("xn--trcker-cua.example", url.Host);
    }

    [Theory]
    [InlineData("http://a/announce", true)]
    [InlineData("http://a/announce.php?x=1", true)]
    [InlineData("http://a/announce/pass", true)]
    [InlineData("http://a/scrape", true)]
    [InlineData("http://a/", false)]
    [InlineData("http://a/admin?x=/announce", false)]
    [InlineData("http://a/announce/../admin", false)]
    [InlineData("http://a/announce/%2e%2E/admin", false)]
    [InlineData("http://a/announce/..%2fadmin", false)]
    [InlineData("http://a/announce/..%5cadmin", false)]
    [InlineData("https://a/api/reboot", false)]
    [InlineData("udp://a:1/", true)]
    [InlineData("udp://a:1", true)]
    public void Local_targets_must_look_like_a_tracker(string text, bool allowed)
    {
        TrackerUrl url = AnnounceSamples.Url(text);
        Assert.Equal(allowed, url.IsAllowedTarget(AddressClass.Loopback));
        Assert.Equal(allowed, url.IsAllowedTarget(AddressClass.Private));
        Assert.Equal(allowed, url.IsAllowedTarget(AddressClass.LinkLocal));
        Assert.True(url.IsAllowedTarget(AddressClass.Global));
        Assert.False(url.IsAllowedTarget(AddressClass.Unusable));
    }

    [Fact]
    public void Redirects_may_repeat_our_parameters_but_not_leave_http()
    {
        Assert.True(TrackerUrl.TryParseRedirect("https://b/announce?info_hash=%00", out _));
        Assert.False(TrackerUrl.TryParseRedirect("udp://b:1/announce", out _));
        Assert.False(TrackerUrl.TryParseRedirect("http://xn--a/announce", out _));
    }

    [Fact]
    public void Logs_show_no_pass_key() => Assert.Equal("http://a:81", AnnounceSamples.Url("http://u:p@a:81/announce/secret?k=s").ToString());

    [Theory]
    [InlineData(3)]
    public void Whatever_is_accepted_is_plain_ascii(int seed)
    {
        byte[] valid = "https://user@tracker.example:8080/announce?passkey=%41b"u8.ToArray();
        foreach (byte[] bytes in Mutations.Of(valid, 20_000, seed))
        {
            if (TrackerUrl.TryParse(System.Text.Encoding.Latin1.GetString(bytes), out TrackerUrl? url, out _))
                Assert.True(url.Text.All(c => c is > ' ' and < '\x7F'), $"seed {seed}: {url.Text}");
        }
    }
}
