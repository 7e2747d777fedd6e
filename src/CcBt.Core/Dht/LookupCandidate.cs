using CcBt.Core.Addressing;

namespace CcBt.Core.Dht;

/// <summary>A node that a lookup may ask. Of one known by its address alone the id, and so the distance, comes with its answer.</summary>
internal sealed class LookupCandidate(NodeId? id, NodeId target, PeerAddress address, LookupCandidate? teller, bool isRouter)
{
    private int _toldAsked;
    private bool _toldAnswered;

    public NodeId? Id { get; private set; } = id;

    /// <summary>From the target; zero, which sorts first, while the id is unknown: the way to find out is to ask.</summary>
    public NodeId Distance { get; private set; } = id is { } known ? known ^ target : default;

    public PeerAddress Address { get; } = address;

    /// <summary>A bootstrap router: it is asked for contacts only, and is no result.</summary>
    public bool IsRouter { get; } = isRouter;

    public LookupCandidateState State { get; private set; }

    /// <summary>One for a contact known before, one more for each node that had to name it.</summary>
    public int Hop { get; } = teller is null ? 1 : teller.Hop + 1;

    /// <summary>How often it was asked.</summary>
    public int Attempts { get; private set; }

    /// <summary>How many of those queries may still be answered.</summary>
    public int Outstanding { get; private set; }

    /// <summary>What an announce must present.</summary>
    public byte[]? Token { get; private set; }

    /// <summary>Whether it counts as a result: it answered under an id that fits its address (BEP 42).</summary>
    public bool IsCompliant { get; private set; }

    /// <summary>Who named it has named several that were asked and none that answered.</summary>
    public bool IsDoubted => teller is { _toldAnswered: false, _toldAsked: >= Limits.DhtUnprovenContacts };

    public void Asked()
    {
        Attempts++;
        Outstanding++;
        State = LookupCandidateState.Asked;
        if (teller is not null && Attempts == 1)
            teller._toldAsked++;
    }

    public void Overdue()
    {
        if (State == LookupCandidateState.Asked)
            State = LookupCandidateState.Slow;
    }

    public void Failed()
    {
        Outstanding--;
        if (Outstanding == 0 && State != LookupCandidateState.Answered)
            State = LookupCandidateState.Failed;
    }

    public void Answered(NodeId id, byte[]? token)
    {
        Outstanding--;
        State = LookupCandidateState.Answered;
        Id = id;
        Distance = id ^ target;
        Token = token;
        IsCompliant = NodeIdentity.IsCompliant(id, Address);
        if (teller is not null)
            teller._toldAnswered = true;
    }

    /// <summary>Makes a failed candidate one that can be asked again.</summary>
    public void Revive()
    {
        if (State == LookupCandidateState.Failed)
            (State, Attempts) = (LookupCandidateState.Fresh, 0);
    }
}
