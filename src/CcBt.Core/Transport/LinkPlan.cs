namespace CcBt.Core.Transport;

/// <summary>What a link gets from its session: the buckets it draws from (client first, then session) and whether both sides are fast (BEP 6).</summary>
internal readonly record struct LinkPlan(LinkBudget Budget, bool UseFast);
