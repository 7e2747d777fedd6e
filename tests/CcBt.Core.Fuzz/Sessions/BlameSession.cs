using CcBt.Core.Addressing;
using CcBt.Core.Swarm;
using CcBt.Core.Wire;

namespace CcBt.Core.Fuzz.Sessions;

/// <summary>Pieces given by honest peers (even numbers) and poisoners (odd ones): no honest one is ever found guilty.</summary>
internal static class BlameSession
{
    private const int Pieces = 6;
    private const int Blocks = 5;
    private const int Peers = 8;

    public static void Play(Script script, Meter meter)
    {
        var book = new BlameBook();
        var kept = new Dictionary<int, HashSet<int>>();
        while (!script.IsOver)
        {
            int piece = script.Choice(Pieces);
            if (script.Chance(65))
                Fail(book, kept, piece, script, meter);
            else
                Pass(book, kept, piece, meter);
            FuzzFailure.When(book.IsWatched(piece) != kept.ContainsKey(piece), "A piece is watched without a reason, or not watched with one.");
            HashSet<int> suspects = [.. kept.Values.SelectMany(givers => givers)];
            for (int peer = 0; peer < Peers; peer++)
                FuzzFailure.When(!suspects.Contains(peer) && book.IsSuspect(Address(peer)), $"Peer {peer} is a suspect for nothing.");
        }
    }

    private static PeerAddress Address(int peer) => PeerAddress.FromV4(0x50000000 + (uint)peer, 0);

    private static BlockDigest Digest(int piece, int block, bool isTrue) => BlockDigest.Compute([(byte)piece, (byte)block, isTrue ? (byte)1 : (byte)0]);

    private static void Fail(BlameBook book, Dictionary<int, HashSet<int>> kept, int piece, Script script, Meter meter)
    {
        var given = new List<Accusation>();
        var poisoners = new HashSet<int>();
        var givers = new HashSet<int>();
        int poisoned = script.Choice(Blocks);
        for (int block = 0; block < Blocks; block++)
        {
            int peer = block == poisoned ? script.Choice(Peers) | 1 : script.Choice(Peers);
            bool lies = block == poisoned || (peer % 2 == 1 && script.Chance(50));
            if (lies)
                poisoners.Add(peer);
            givers.Add(peer);
            given.Add(new Accusation(block, Address(peer), Digest(piece, block, !lies)));
        }
        bool allKnown = script.Chance(80);
        meter.Start();
        PeerAddress? guilty = book.Failed(piece, given, allKnown);
        meter.Stop(given.Count * 48);
        if (guilty is { } found)
            FuzzFailure.When(!poisoners.Any(peer => Address(peer) == found), $"{found} is innocent.");
        else if (kept.TryGetValue(piece, out HashSet<int>? others))
            others.UnionWith(givers);
        else
            kept.Add(piece, givers);
    }

    private static void Pass(BlameBook book, Dictionary<int, HashSet<int>> kept, int piece, Meter meter)
    {
        var good = new BlockContribution[Blocks];
        for (int block = 0; block < Blocks; block++)
            good[block] = new BlockContribution(block, 1, Digest(piece, block, true));
        var guilty = new HashSet<PeerAddress>();
        meter.Start();
        book.Good(piece, good, guilty);
        meter.Stop(Blocks * 48);
        bool wasWatched = kept.Remove(piece);
        FuzzFailure.When(!wasWatched && guilty.Count > 0, "Somebody is guilty of nothing.");
        FuzzFailure.When(wasWatched && guilty.Count == 0, "A piece was bad, and nobody is guilty.");
        for (int peer = 0; peer < Peers; peer += 2)
            FuzzFailure.When(guilty.Contains(Address(peer)), $"The honest peer {peer} is guilty.");
    }
}
