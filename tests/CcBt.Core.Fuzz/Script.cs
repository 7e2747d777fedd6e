namespace CcBt.Core.Fuzz;

/// <summary>Takes decisions from the bytes of an input, so that the input alone replays a whole session.</summary>
internal sealed class Script(byte[] bytes)
{
    private int _next;
    private Random? _random;

    public bool IsOver => _next >= bytes.Length;

    /// <summary>Detail that does not deserve bytes of its own; the same for the same input.</summary>
    public Random Random => _random ??= new Random(Seed.Of(bytes));

    public byte Byte() => _next < bytes.Length ? bytes[_next++] : (byte)0;

    /// <summary>A number from 0 to <paramref name="count"/> - 1.</summary>
    public int Choice(int count) => count <= 256 ? Byte() % count : (Byte() << 8 | Byte()) % count;

    public bool Chance(int percent) => Choice(100) < percent;
}
