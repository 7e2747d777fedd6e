namespace CcBt.Core.Floods;

/// <summary>What must hold under a flood, and whether it did.</summary>
internal sealed record FloodGoal(string Text, bool IsMet)
{
    public override string ToString() => $"{Text}: {(IsMet ? "met" : "MISSED")}";
}
