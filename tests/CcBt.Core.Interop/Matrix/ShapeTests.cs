using CcBt.Core.Interop.ExternalClients;
using CcBt.Core.Interop.Payloads;

namespace CcBt.Core.Interop.Matrix;

/// <summary>Content of every form goes from libtorrent to us, and from us to libtorrent.</summary>
public sealed class ShapeTests
{
    [RealClientTheory(RealClient.LibTorrent)]
    [InlineData("one byte")]
    [InlineData("one whole piece")]
    [InlineData("whole pieces of 16 KiB")]
    [InlineData("last piece of one byte")]
    [InlineData("pieces of 4 MiB")]
    [InlineData("pieces of 16 MiB")]
    [InlineData("one file in a folder")]
    [InlineData("unicode and empty files")]
    [InlineData("2,000 small files")]
    [InlineData("20,000 small files")]
    public async Task It_is_downloaded_and_given_on(string form)
    {
        await using var lab = new Lab(120);
        var libtorrent = new LibTorrent(lab);
        (Payload payload, int pieceLength) = Shape.Make(form, lab.NewFolder("data"));
        TestTorrent torrent = await libtorrent.CreateAsync(payload.Path, pieceLength);
        Endpoint seeder = await Seeding.SeedAsync(RealClient.LibTorrent, libtorrent, torrent, payload.Folder);
        string output = lab.NewFolder("out"), second = lab.NewFolder("second");
        OurClient ours = await OurClient.OpenAsync(lab);

        TorrentSession session = await ours.LeechAsync(torrent.Path, output, seeder);
        await ours.WaitUntilCompleteAsync(session);
        await (await (await libtorrent.OpenAsync()).LeechAsync(torrent, second, [ours.Endpoint])).WaitUntilCompleteAsync();

        payload.AssertSameIn(output);
        payload.AssertSameIn(second);
    }
}
