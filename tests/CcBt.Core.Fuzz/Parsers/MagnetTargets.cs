using System.Text;
using CcBt.Core.Fuzz.Generation;

namespace CcBt.Core.Fuzz.Parsers;

/// <summary>Magnet links.</summary>
internal static class MagnetTargets
{
    public static IReadOnlyList<FuzzTarget> All { get; } =
    [
        new ParserTarget<MagnetLink>("magnet", InputForm.Text, Make, TryParse, Verify),
    ];

    private static byte[] Make(Random random)
    {
        var text = new StringBuilder("magnet:?");
        if (random.Chance(80))
            text.Append("xt=urn:btih:").Append(random.Chance(70) ? random.Hash().ToString() : "VLHQXGC3HLDKGNBXVGJDKGAEQXUH5DLG").Append('&');
        else
            text.Append("xt=urn:btmh:1220").Append(Convert.ToHexString(random.Bytes(32))).Append('&');
        if (random.Chance(50))
            text.Append("dn=").Append(Uri.EscapeDataString(random.Name())).Append('&');
        for (int i = random.Next(3); i > 0; i--)
            text.Append(random.Chance(30) ? $"tr.{i}=" : "tr=").Append(random.Chance(70) ? Uri.EscapeDataString(random.Url()) : random.Url()).Append('&');
        if (random.Chance(30))
            text.Append("ws=").Append(Uri.EscapeDataString($"https://{random.Word()}.example/")).Append('&');
        if (random.Chance(30))
            text.Append("x.pe=").Append(random.Chance(50) ? random.V4() : random.V6()).Append('&');
        if (random.Chance(30))
            text.Append($"so={random.Next(10)},{random.Next(10, 20)}-{random.Next(20, 30)}&");
        return Encoding.UTF8.GetBytes(text.ToString());
    }

    private static bool TryParse(byte[] input, out MagnetLink link)
        => MagnetLink.TryParse(Encoding.UTF8.GetString(input), out link!);

    private static void Verify(byte[] input, MagnetLink link, bool isValid)
    {
        FuzzFailure.When(link.Trackers.Count > Limits.TrackerUrls || link.WebSeeds.Count > Limits.WebSeedUrls || link.Peers.Count > Limits.MagnetPeers, "A list is longer than its limit.");
        FuzzFailure.When(link.Trackers.Concat(link.WebSeeds).Any(url => url.Any(char.IsControl)), "A URL has control characters.");
        _ = link.PeerEndPoints;
        int last = -1;
        foreach (Range range in link.SelectedFiles)
        {
            FuzzFailure.When(range.Start.Value <= last || range.End.Value <= range.Start.Value, "The selected files overlap.");
            last = range.End.Value;
        }
        string text = link.ToString();
        if (text.Length > Limits.MagnetLength)
            return;
        FuzzFailure.When(!MagnetLink.TryParse(text, out MagnetLink? again), $"'{text}' was written and cannot be read.");
        FuzzFailure.When(again!.ToString() != text, $"'{text}' reads as '{again}'.");
        FuzzFailure.When(!again.Peers.SequenceEqual(link.Peers), $"'{text}' has other peers.");
        FuzzFailure.When(again.Name != link.Name, $"'{text}' has another name.");
        FuzzFailure.When(!again.Trackers.SequenceEqual(link.Trackers) || !again.WebSeeds.SequenceEqual(link.WebSeeds), $"'{text}' has other URLs.");
    }
}
