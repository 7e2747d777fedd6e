namespace CcBt.Core.Simulation.Time;

/// <summary>A running digest of everything that happens in a world, in order: two runs that differ anywhere end with different values.</summary>
internal sealed class EventHash
{
    private const ulong Prime = 1099511628211;

    public ulong Value { get; private set; } = 14695981039346656037;

    public void Add(long value)
    {
        ulong mixed = (Value ^ (ulong)value) * Prime;
        Value = mixed ^ (mixed >> 29);
    }

    public void Add(string text)
    {
        foreach (char c in text)
            Add(c);
    }
}
