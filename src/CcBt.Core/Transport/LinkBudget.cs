namespace CcBt.Core.Transport;

/// <summary>The token buckets of a session's links; null means unlimited.</summary>
internal sealed record LinkBudget(TokenBucket? ClientDown, TokenBucket? ClientUp, TokenBucket? SessionDown, TokenBucket? SessionUp)
{
    public static LinkBudget Unlimited { get; } = new(null, null, null, null);
}
