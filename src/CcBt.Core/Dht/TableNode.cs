using CcBt.Core.Addressing;

namespace CcBt.Core.Dht;

/// <summary>A node that has answered us at least once, as the routing table knows it.</summary>
internal sealed class TableNode(NodeContact contact, TimeSpan answeredAt)
{
    /// <summary>How long an answer or a query keeps a node good (BEP 5).</summary>
    public static readonly TimeSpan Freshness = TimeSpan.FromMinutes(15);

    private const int FailuresOfBadNode = 2;

    private TimeSpan _queriedAt = TimeSpan.MinValue;
    private int _failures;

    public NodeContact Contact { get; } = contact;

    public NodeId Id => Contact.Id;

    public PeerAddress Address => Contact.Address;

    public AddressClass Class { get; } = contact.Address.Classify();

    /// <summary>Whether the id fits the address (BEP 42), or need not.</summary>
    public bool IsCompliant { get; } = NodeIdentity.IsCompliant(contact.Id, contact.Address);

    public TimeSpan AnsweredAt { get; private set; } = answeredAt;

    /// <summary>Failed to answer twice in a row.</summary>
    public bool IsBad => _failures >= FailuresOfBadNode;

    /// <summary>Answered us in the last 15 minutes, or asked us something in that time; anything else that is not bad is questionable.</summary>
    public bool IsGood(TimeSpan now) => !IsBad && now - Max(AnsweredAt, _queriedAt) <= Freshness;

    public void Answered(TimeSpan now)
    {
        AnsweredAt = now;
        _failures = 0;
    }

    public void Queried(TimeSpan now) => _queriedAt = now;

    public void Failed() => _failures++;

    // MinValue can not be subtracted from; a node that never asked counts by its answers alone.
    private static TimeSpan Max(TimeSpan answered, TimeSpan queried) => queried > answered ? queried : answered;
}
