using CcBt.Core.Addressing;
using CcBt.Core.Dht;

namespace CcBt.Core.Tests.Dht;

public sealed class AddressVotesTests
{
    private static readonly PeerAddress s_home = NodeProbe.Global(5000), s_away = NodeProbe.Global(6000);
    private readonly AddressVotes _votes = new(isV6: false);

    [Fact]
    public void Enough_networks_have_to_agree_and_one_of_them_counts_once()
    {
        for (int i = 1; i < Limits.DhtAddressAgreement; i++)
        {
            Assert.False(_votes.Vote(Voter(i), s_home));
            Assert.False(_votes.Vote(Voter(i).WithPort(9), s_home));
        }
        Assert.Null(_votes.Believed);
        Assert.True(_votes.Vote(Voter(99), s_home.WithPort(7)));
        Assert.True(_votes.Believed!.Value.IsSameHost(s_home));
        Assert.False(_votes.Vote(Voter(100), s_home));
    }

    [Fact]
    public void Half_of_the_voters_is_not_enough()
    {
        for (int i = 0; i < 6; i++)
            _votes.Vote(Voter(i), NodeProbe.Global(7000 + i));
        for (int i = 6; i < 12; i++)
            Assert.False(_votes.Vote(Voter(i), s_home));
        Assert.True(_votes.Vote(Voter(12), s_home));
    }

    [Fact]
    public void Who_changes_its_vote_counts_for_the_new_one_and_old_voters_are_forgotten()
    {
        for (int i = 0; i < Limits.DhtAddressVoters; i++)
            _votes.Vote(Voter(i), s_home);
        int moved = 0;
        while (!_votes.Vote(Voter(moved++), s_away))
            Assert.InRange(moved, 0, Limits.DhtAddressVoters / 2);
        Assert.Equal(Limits.DhtAddressVoters / 2 + 1, moved);

        var fresh = new AddressVotes(isV6: false);
        for (int i = 0; i < Limits.DhtAddressVoters; i++)
            fresh.Vote(Voter(i), NodeProbe.Global(7000 + i));
        int agreed = 0;
        while (!fresh.Vote(Voter(1000 + agreed++), s_home))
            Assert.InRange(agreed, 0, Limits.DhtAddressVoters / 2);
        Assert.Equal(Limits.DhtAddressVoters / 2 + 1, agreed);
    }

    [Fact]
    public void The_oldest_voter_is_forgotten_when_one_too_many_votes()
    {
        int half = Limits.DhtAddressVoters / 2;
        _votes.Vote(Voter(0), s_home);
        for (int i = 1; i <= half; i++)
            _votes.Vote(Voter(i), NodeProbe.Global(7000 + i));
        for (int i = half + 1; i < Limits.DhtAddressVoters; i++)
            Assert.False(_votes.Vote(Voter(i), s_home));
        // In place of the first, who voted the same.
        Assert.False(_votes.Vote(Voter(Limits.DhtAddressVoters), s_home));
        Assert.True(_votes.Vote(Voter(Limits.DhtAddressVoters + 1), s_home));
    }

    [Fact]
    public void Only_global_voters_and_addresses_of_the_family_count()
    {
        PeerAddress local = PeerAddress.FromV4(0x0A000001, 1);
        for (int i = 0; i < 20; i++)
        {
            Assert.False(_votes.Vote(Voter(i), local));
            Assert.False(_votes.Vote(PeerAddress.FromV4(0x0A000000 + (uint)(i << 8), 1), s_home));
            Assert.False(new AddressVotes(isV6: true).Vote(Voter(i), s_home));
        }
        Assert.Null(_votes.Believed);
    }

    private static PeerAddress Voter(int number) => NodeProbe.Global(number);
}
