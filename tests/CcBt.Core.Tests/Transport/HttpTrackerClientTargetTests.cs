using System.Net;
using CcBt.Core.Trackers;

namespace CcBt.Core.Tests.Transport;

/// <summary>Where announces go, and where no torrent can make them go.</summary>
public sealed class HttpTrackerClientTargetTests : IDisposable
{
    private static readonly string Good = ScriptedHttpServer.Ok("d8:intervali1800e5:peers0:e");
    private readonly TrackerClientFixture _fixture = new();

    public void Dispose() => _fixture.Dispose();

    private static string Redirect(string location) => $"HTTP/1.1 302 Found\r\nLocation: {location}\r\nSet-Cookie: a=b\r\nContent-Length: 0\r\n\r\n";

    [Theory]
    [InlineData("/")]
    [InlineData("/admin/reboot")]
    [InlineData("/announce/../admin")]
    public async Task A_local_address_is_asked_only_for_a_trackers_path(string path)
    {
        await using var server = new ScriptedHttpServer(Good);
        Assert.Equal(TrackerFailure.AddressRefused, (await _fixture.AnnounceAsync($"http://tracker.test:{server.Port}{path}")).Failure);
        Assert.Equal(TrackerFailure.AddressRefused, (await _fixture.AnnounceAsync($"http://127.0.0.1:{server.Port}{path}")).Failure);
        Assert.Equal(0, server.Connections);
    }

    [Theory]
    [InlineData("0.0.0.0")]
    [InlineData("224.0.0.1")]
    [InlineData("255.255.255.255")]
    public async Task Addresses_of_nobody_are_refused(string address)
    {
        _fixture.Lookup.Host("odd.test", address);
        Assert.Equal(TrackerFailure.AddressRefused, (await _fixture.AnnounceAsync("http://odd.test/announce")).Failure);
    }

    [Fact]
    public async Task The_checked_address_is_the_one_connected_to()
    {
        await using var server = new ScriptedHttpServer(Good);
        int calls = 0;
        // A second look-up would give another address, as in DNS rebinding.
        _fixture.Lookup.Host("flip.test", () => Task.FromResult(new[] { IPAddress.Parse(calls++ == 0 ? "127.0.0.1" : "127.0.0.9") }));
        Assert.True((await _fixture.AnnounceAsync($"http://flip.test:{server.Port}/announce")).IsSuccess);
        Assert.Equal(1, calls);
        Assert.Contains($"Host: flip.test:{server.Port}", server.Heads.First(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Redirects_are_followed_without_credentials_to_another_origin_and_without_cookies()
    {
        await using var target = new ScriptedHttpServer(Good);
        await using var server = new ScriptedHttpServer((head, stream, token) => stream.WriteAsync(System.Text.Encoding.ASCII.GetBytes(
            Redirect(head.StartsWith("GET /announce/2", StringComparison.Ordinal) ? $"http://127.0.0.1:{target.Port}/announce?x" : "/announce/2?y")), token).AsTask());
        AnnounceResult result = await _fixture.AnnounceAsync($"http://us%65r:p@tracker.test:{server.Port}/announce");
        Assert.True(result.IsSuccess, result.Message);
        string[] heads = [.. server.Heads];
        Assert.Equal(2, heads.Length);
        Assert.All(heads, head => Assert.Contains("Authorization: Basic dXNlcjpw", head, StringComparison.Ordinal));
        string last = Assert.Single(target.Heads);
        Assert.StartsWith("GET /announce?x HTTP/1.1", last, StringComparison.Ordinal);
        Assert.DoesNotContain("Authorization", last, StringComparison.OrdinalIgnoreCase);
        Assert.All([.. heads, last], head => Assert.DoesNotContain("Cookie", head, StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task A_redirect_loop_ends_after_five()
    {
        await using var server = new ScriptedHttpServer(Redirect("/announce"));
        Assert.Equal(TrackerFailure.RedirectRefused, (await _fixture.AnnounceAsync($"http://tracker.test:{server.Port}/announce")).Failure);
        Assert.Equal(1 + Limits.TrackerRedirects, server.Connections);
    }

    [Theory]
    [InlineData("/admin", TrackerFailure.AddressRefused)]
    [InlineData("http://169.254.169.254/latest/meta-data", TrackerFailure.AddressRefused)]
    [InlineData("http://0.0.0.0/announce", TrackerFailure.AddressRefused)]
    [InlineData("file:///etc/passwd", TrackerFailure.RedirectRefused)]
    [InlineData("ftp://127.0.0.1/announce", TrackerFailure.RedirectRefused)]
    [InlineData("udp://127.0.0.1:1/announce", TrackerFailure.RedirectRefused)]
    [InlineData("http://xn--a.test/announce", TrackerFailure.RedirectRefused)]
    [InlineData("http://unknown.test/announce", TrackerFailure.HostNotFound)]
    public async Task A_redirect_is_checked_like_a_first_request(string location, object failure)
    {
        await using var server = new ScriptedHttpServer(Redirect(location));
        Assert.Equal((TrackerFailure)failure, (await _fixture.AnnounceAsync($"http://tracker.test:{server.Port}/announce")).Failure);
        Assert.Equal(1, server.Connections);
    }

    [Fact]
    public async Task The_announce_leaves_from_the_address_it_should()
    {
        await using var server = new ScriptedHttpServer(Good);
        Assert.True((await _fixture.AnnounceAsync(TrackerClientFixture.Order($"http://tracker.test:{server.Port}/announce", local: "127.0.0.77"))).IsSuccess);
        Assert.Equal("127.0.0.77", Assert.Single(server.Clients).ToString());
    }

    [Fact]
    public async Task A_route_without_an_address_of_its_family_says_so()
    {
        AnnounceResult result = await _fixture.AnnounceAsync(TrackerClientFixture.Order("http://tracker.test/announce", local: "::"));
        Assert.Equal(TrackerFailure.NoAddressOfFamily, result.Failure);
        Assert.Equal(TrackerFailure.HostNotFound, (await _fixture.AnnounceAsync("http://nowhere.test/announce")).Failure);
    }

    [Fact]
    public async Task The_next_address_is_tried_when_one_refuses()
    {
        await using var server = new ScriptedHttpServer(Good);
        _fixture.Lookup.Host("two.test", "127.0.0.3", "127.0.0.1");
        AnnounceResult result = await _fixture.AnnounceAsync($"http://two.test:{server.Port}/announce");
        Assert.True(result.IsSuccess, result.Message);
    }

    [Fact]
    public async Task A_closed_port_is_a_failed_connection()
    {
        using var closed = new ClosedPort();
        Assert.Equal(TrackerFailure.ConnectFailed, (await _fixture.AnnounceAsync($"http://tracker.test:{closed.EndPoint.Port}/announce")).Failure);
    }
}
