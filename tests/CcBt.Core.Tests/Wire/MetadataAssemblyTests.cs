using System.Security.Cryptography;
using CcBt.Core.Wire;

namespace CcBt.Core.Tests.Wire;

public sealed class MetadataAssemblyTests
{
    private static readonly byte[] Truth = Random(100_000, 1);
    private static readonly TimeSpan Now = TimeSpan.FromSeconds(100);

    [Fact]
    public void One_source_gives_all_in_order()
    {
        MetadataAssembly assembly = Assembly();
        Assert.True(assembly.AddSource(1, Truth.Length));
        List<int> asked = [];
        while (!assembly.IsComplete)
            asked.AddRange(Serve(assembly, 1, Truth, Now));
        Assert.Equal(Enumerable.Range(0, 7), asked);
        Assert.Equal(Truth, assembly.Metadata);
        Assert.False(assembly.TryTakeGuilty(out _));
        Assert.Equal(0, assembly.HeldBytes);
    }

    [Fact]
    public void A_version_2_hash_is_checked_too()
    {
        MetadataAssembly assembly = new(null, new InfoHashV2(SHA256.HashData(Truth)));
        assembly.AddSource(1, Truth.Length);
        Serve(assembly, 1, Truth, Now);
        Assert.True(assembly.IsComplete);
        assembly = new(new InfoHash(SHA1.HashData(Truth)), new InfoHashV2(new byte[32]));
        assembly.AddSource(1, Truth.Length);
        Serve(assembly, 1, Truth, Now);
        Assert.False(assembly.IsComplete);
        Assert.True(assembly.TryTakeGuilty(out _));
    }

    [Fact]
    public void Sources_share_the_work_and_the_last_pieces_are_asked_twice()
    {
        MetadataAssembly assembly = Assembly();
        assembly.AddSource(1, Truth.Length);
        assembly.AddSource(2, Truth.Length);
        List<int> first = Ask(assembly, 1, Now, 3), second = Ask(assembly, 2, Now, 8), third = Ask(assembly, 1, Now, 8);
        Assert.Equal([0, 1, 2], first);
        Assert.Equal([3, 4, 5, 6, 0, 1, 2], second);
        Assert.Equal([3, 4, 5, 6], third);
    }

    [Fact]
    public void Size_claims_are_bounded_and_kept_apart()
    {
        MetadataAssembly assembly = Assembly();
        Assert.False(assembly.AddSource(1, 2_038_487_152));
        Assert.False(assembly.AddSource(1, 0));
        Assert.True(assembly.AddSource(1, 5_000_000));
        Assert.True(assembly.AddSource(2, Truth.Length));
        Assert.Equal(8, Ask(assembly, 1, Now, 20).Count);
        Serve(assembly, 2, Truth, Now);
        Assert.Equal(Truth, assembly.Metadata);
    }

    [Fact]
    public void A_lone_liar_is_convicted_at_once_and_not_let_in_again()
    {
        MetadataAssembly assembly = Assembly();
        assembly.AddSource(1, Truth.Length);
        Serve(assembly, 1, Random(Truth.Length, 2), Now);
        Assert.True(assembly.TryTakeGuilty(out int guilty));
        Assert.Equal(1, guilty);
        Assert.False(assembly.TryTakeGuilty(out _));
        Assert.False(assembly.AddSource(1, Truth.Length));
        assembly.AddSource(2, Truth.Length);
        Serve(assembly, 2, Truth, Now);
        Assert.True(assembly.IsComplete);
    }

    [Fact]
    public void After_a_mixed_failure_the_liars_are_convicted_and_the_honest_are_not()
    {
        MetadataAssembly assembly = Assembly();
        byte[] lie = Random(Truth.Length, 3);
        for (int link = 1; link <= 3; link++)
            assembly.AddSource(link, Truth.Length);
        List<int>[] asked = [[], Ask(assembly, 1, Now, 2), Ask(assembly, 2, Now, 2), Ask(assembly, 3, Now, 3)];
        Give(assembly, 1, asked[1], Truth);
        Give(assembly, 2, asked[2], lie);
        Give(assembly, 3, asked[3], Truth);
        Assert.False(assembly.IsComplete);
        Assert.False(assembly.TryTakeGuilty(out _));
        Serve(assembly, 2, lie, Now);
        Assert.True(assembly.TryTakeGuilty(out int guilty));
        Assert.Equal(2, guilty);
        Serve(assembly, 1, Truth, Now);
        Assert.True(assembly.IsComplete);
        Assert.False(assembly.TryTakeGuilty(out _));
    }

    [Fact]
    public void The_truth_convicts_a_suspect_who_never_fetched_alone()
    {
        MetadataAssembly assembly = Assembly();
        assembly.AddSource(1, Truth.Length);
        assembly.AddSource(2, Truth.Length);
        List<int> first = Ask(assembly, 1, Now, 4), second = Ask(assembly, 2, Now, 3);
        Give(assembly, 1, first, Truth);
        Give(assembly, 2, second, Random(Truth.Length, 3));
        Serve(assembly, 1, Truth, Now);
        Assert.True(assembly.IsComplete);
        Assert.True(assembly.TryTakeGuilty(out int guilty));
        Assert.Equal(2, guilty);
        Assert.False(assembly.TryTakeGuilty(out _));
    }

    [Fact]
    public void A_silent_source_rests_and_others_are_asked()
    {
        MetadataAssembly assembly = Assembly();
        assembly.AddSource(1, Truth.Length);
        Assert.Equal(7, Ask(assembly, 1, Now, 20).Count);
        Assert.Equal(Now + Limits.MetadataRequestTime, assembly.NextDeadline);
        TimeSpan later = Now + Limits.MetadataRequestTime;
        assembly.Advance(later);
        Assert.Empty(Ask(assembly, 1, later, 20));
        assembly.AddSource(2, Truth.Length);
        Assert.Equal(7, Ask(assembly, 2, later, 20).Count);
        Assert.NotEmpty(Ask(assembly, 1, later + Limits.MetadataRest, 20));
    }

    [Fact]
    public void A_refusing_source_rests_and_a_closed_one_is_forgotten()
    {
        MetadataAssembly assembly = Assembly();
        assembly.AddSource(1, Truth.Length);
        Assert.True(assembly.TryNextRequest(1, Now, out int piece));
        assembly.Rejected(1, piece, Now);
        Assert.Empty(Ask(assembly, 1, Now, 20));
        assembly.AddSource(2, Truth.Length);
        Give(assembly, 2, Ask(assembly, 2, Now, 3), Truth);
        Assert.True(assembly.HeldBytes > 0);
        assembly.RemoveSource(2);
        Assert.Empty(Ask(assembly, 2, Now, 20));
        assembly.AddSource(3, Truth.Length);
        Assert.Equal([3, 4, 5, 6], Ask(assembly, 3, Now, 20));
    }

    [Fact]
    public void A_refusal_gives_all_that_the_source_owes_to_others()
    {
        MetadataAssembly assembly = Assembly();
        assembly.AddSource(1, Truth.Length);
        Assert.Equal([0, 1, 2], Ask(assembly, 1, Now, 3));
        assembly.Rejected(1, 1, Now);
        Assert.Null(assembly.NextDeadline);
        assembly.AddSource(2, Truth.Length);
        Assert.Equal([0, 1, 2, 3, 4, 5, 6], Ask(assembly, 2, Now, 20));
    }

    [Fact]
    public void Only_requests_whose_time_is_over_are_given_up()
    {
        MetadataAssembly assembly = Assembly();
        TimeSpan second = Now + TimeSpan.FromSeconds(1);
        assembly.AddSource(1, Truth.Length);
        assembly.AddSource(2, Truth.Length);
        Ask(assembly, 1, Now, 2);
        Ask(assembly, 2, second, 2);
        assembly.Advance(Now + Limits.MetadataRequestTime);
        Assert.Equal(second + Limits.MetadataRequestTime, assembly.NextDeadline);
        Give(assembly, 2, [2, 3], Truth);
        Assert.Null(assembly.NextDeadline);
    }

    [Fact]
    public void Pieces_that_were_not_asked_for_or_do_not_fit_are_ignored()
    {
        MetadataAssembly assembly = Assembly();
        assembly.AddSource(1, Truth.Length);
        Assert.False(assembly.Add(1, 0, Truth.Length, Truth.AsSpan(0, 16384)));
        Assert.True(assembly.TryNextRequest(1, Now, out _));
        Assert.False(assembly.Add(1, 0, Truth.Length + 1, Truth.AsSpan(0, 16384)));
        Assert.False(assembly.Add(1, 0, Truth.Length, Truth.AsSpan(0, 16383)));
        Assert.False(assembly.Add(1, 7, Truth.Length, Truth.AsSpan(0, 16384)));
        Assert.False(assembly.Add(2, 0, Truth.Length, Truth.AsSpan(0, 16384)));
        Assert.True(assembly.Add(1, 0, Truth.Length, Truth.AsSpan(0, 16384)));
        Assert.False(assembly.Add(1, 0, Truth.Length, Truth.AsSpan(0, 16384)));
    }

    [Fact]
    public void Claims_are_taken_up_to_the_bounds_of_size_and_number()
    {
        MetadataAssembly assembly = Assembly();
        Assert.False(assembly.AddSource(1, Limits.MetadataBytes + 1));
        Assert.False(assembly.AddSource(1, -1));
        Assert.True(assembly.AddSource(1, Limits.MetadataBytes));
        Assert.True(assembly.AddSource(2, 1));
        for (int link = 3; link <= Limits.MetadataSources; link++)
            Assert.True(assembly.AddSource(link, Truth.Length));
        Assert.False(assembly.AddSource(Limits.MetadataSources + 1, Truth.Length));
        Assert.True(assembly.AddSource(3, 1));
        assembly.RemoveSource(Limits.MetadataSources + 1);
        assembly.RemoveSource(2);
        Assert.True(assembly.AddSource(Limits.MetadataSources + 1, Truth.Length));
    }

    [Fact]
    public void The_first_claim_of_a_link_counts()
    {
        MetadataAssembly assembly = Assembly();
        Assert.False(assembly.TryNextRequest(1, Now, out int none));
        Assert.Equal(-1, none);
        assembly.AddSource(1, Truth.Length);
        Assert.False(assembly.Add(1, 0, Truth.Length, Truth.AsSpan(0, 16384)));
        assembly.AddSource(1, 5);
        Assert.Equal(7, Ask(assembly, 1, Now, 20).Count);
        Assert.False(assembly.Add(1, -1, Truth.Length, Truth.AsSpan(0, 16384)));
    }

    [Fact]
    public void A_piece_that_came_twice_is_held_once()
    {
        MetadataAssembly assembly = Assembly();
        assembly.AddSource(1, Truth.Length);
        assembly.AddSource(2, Truth.Length);
        assembly.AddSource(3, Truth.Length);
        Assert.Equal(7, Ask(assembly, 1, Now, 20).Count);
        Assert.Equal(7, Ask(assembly, 2, Now, 20).Count);
        Assert.Empty(Ask(assembly, 3, Now, 20));
        Give(assembly, 1, [0], Truth);
        Give(assembly, 2, [0], Random(Truth.Length, 9));
        Assert.Equal(16384, assembly.HeldBytes);
        Give(assembly, 1, [1, 2, 3, 4, 5, 6], Truth);
        Assert.Equal(Truth, assembly.Metadata);
    }

    [Fact]
    public void After_a_mixed_failure_a_few_fetch_alone_and_a_place_becomes_free_when_one_refuses()
    {
        MetadataAssembly assembly = Assembly();
        for (int link = 1; link <= Limits.MetadataLoneFetches + 2; link++)
            assembly.AddSource(link, Truth.Length);
        List<int> first = Ask(assembly, 1, Now, 4), second = Ask(assembly, 2, Now, 3);
        Give(assembly, 1, first, Truth);
        Give(assembly, 2, second, Random(Truth.Length, 3));
        int last = Limits.MetadataLoneFetches + 1;
        for (int link = 1; link < last; link++)
            Assert.Equal([0, 1], Ask(assembly, link, Now, 2));
        Assert.Empty(Ask(assembly, last, Now, 2));
        assembly.Rejected(3, 0, Now);
        Assert.Empty(Ask(assembly, 3, Now, 2));
        Assert.Equal([0, 1], Ask(assembly, last, Now, 2));
        assembly.RemoveSource(4);
        Assert.Equal([0, 1], Ask(assembly, last + 1, Now, 2));
        Give(assembly, last, [0, 1], Truth);
        Serve(assembly, last, Truth, Now);
        Assert.True(assembly.IsComplete);
    }

    [Fact]
    public void A_lone_liar_is_dropped_and_others_go_on_alone()
    {
        MetadataAssembly assembly = Assembly();
        byte[] lie = Random(Truth.Length, 3);
        assembly.AddSource(1, Truth.Length);
        assembly.AddSource(2, Truth.Length);
        List<int> first = Ask(assembly, 1, Now, 4), second = Ask(assembly, 2, Now, 3);
        Give(assembly, 1, first, Truth);
        Give(assembly, 2, second, lie);
        Assert.Equal(0, assembly.HeldBytes);
        Give(assembly, 1, Ask(assembly, 1, Now, 2), Truth);
        Serve(assembly, 2, lie, Now);
        Assert.Equal(2 * 16384, assembly.HeldBytes);
        Assert.True(assembly.TryTakeGuilty(out int guilty));
        Assert.Equal(2, guilty);
        Assert.Equal([2, 3], Ask(assembly, 1, Now, 2));
    }

    [Fact]
    public void When_a_false_whole_is_dropped_who_still_owed_pieces_of_it_may_be_asked_for_all_again()
    {
        byte[] truth = Random(Limits.MetadataRequestsPerPeer * Limits.MetadataPieceBytes, 4);
        MetadataAssembly assembly = new(new InfoHash(SHA1.HashData(truth)), null);
        assembly.AddSource(1, truth.Length);
        assembly.AddSource(2, truth.Length);
        List<int> liar = Ask(assembly, 1, Now, 20), honest = Ask(assembly, 2, Now, 20);
        Assert.Equal(Limits.MetadataRequestsPerPeer, honest.Count);
        Give(assembly, 1, liar, Random(truth.Length, 5));
        Assert.True(assembly.TryTakeGuilty(out int guilty));
        Assert.Equal(1, guilty);
        Assert.Equal(honest, Ask(assembly, 2, Now, 20));
    }

    [Fact]
    public void At_the_bound_of_memory_the_largest_other_claim_goes()
    {
        MetadataAssembly assembly = Assembly();
        var piece = new byte[Limits.MetadataPieceBytes];
        int[] sizes = [.. Enumerable.Range(1, 5).Select(i => Limits.MetadataBytes - (6 - i) * Limits.MetadataPieceBytes)];
        for (int i = 0; i < sizes.Length; i++)
            assembly.AddSource(i + 1, sizes[i]);
        assembly.AddSource(9, Limits.MetadataBytes);
        Assert.True(assembly.TryNextRequest(9, Now, out _));
        int left = Limits.MetadataHeldBytes / Limits.MetadataPieceBytes;
        for (int i = 0; i < sizes.Length; i++)
        {
            for (int n = 0; n < 900 && left > 0; n++, left--)
            {
                Assert.True(assembly.TryNextRequest(i + 1, Now, out int next));
                Assert.True(assembly.Add(i + 1, next, sizes[i], piece));
            }
        }
        Assert.Equal(Limits.MetadataHeldBytes, assembly.HeldBytes);
        Assert.True(assembly.TryNextRequest(5, Now, out int one));
        Assert.True(assembly.Add(5, one, sizes[4], piece));
        Assert.Equal(Limits.MetadataHeldBytes + Limits.MetadataPieceBytes - 900 * Limits.MetadataPieceBytes, assembly.HeldBytes);
        Assert.Equal([0], Ask(assembly, 4, Now, 1));
        Assert.Equal([900], Ask(assembly, 1, Now, 1));
        Assert.Equal([one + 1], Ask(assembly, 5, Now, 1));
    }

    [Fact]
    public void Memory_is_bounded_over_all_claims()
    {
        MetadataAssembly assembly = Assembly();
        var piece = new byte[Limits.MetadataPieceBytes];
        for (int link = 1; link <= 8; link++)
        {
            int size = Limits.MetadataBytes - link * Limits.MetadataPieceBytes;
            assembly.AddSource(link, size);
            for (int n = 0; n < 700 && assembly.TryNextRequest(link, Now, out int index); n++)
            {
                assembly.Add(link, index, size, piece);
                Assert.True(assembly.HeldBytes <= Limits.MetadataHeldBytes);
            }
        }
        assembly.AddSource(99, Truth.Length);
        Serve(assembly, 99, Truth, Now);
        Assert.True(assembly.IsComplete);
    }

    private static MetadataAssembly Assembly() => new(new InfoHash(SHA1.HashData(Truth)), null);

    private static List<int> Ask(MetadataAssembly assembly, int link, TimeSpan now, int most)
    {
        List<int> pieces = [];
        while (pieces.Count < most && assembly.TryNextRequest(link, now, out int piece))
            pieces.Add(piece);
        return pieces;
    }

    private static void Give(MetadataAssembly assembly, int link, List<int> pieces, byte[] whole)
    {
        foreach (int piece in pieces)
            Assert.True(assembly.Add(link, piece, whole.Length, whole.AsSpan(piece * 16384, MetadataMessage.PieceLength(piece, whole.Length))));
    }

    private static List<int> Serve(MetadataAssembly assembly, int link, byte[] whole, TimeSpan now)
    {
        List<int> served = [];
        while (Ask(assembly, link, now, 20) is { Count: > 0 } pieces)
        {
            Give(assembly, link, pieces, whole);
            served.AddRange(pieces);
        }
        return served;
    }

    private static byte[] Random(int length, int seed)
    {
        var bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }
}
