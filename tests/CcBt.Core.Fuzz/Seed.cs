namespace CcBt.Core.Fuzz;

/// <summary>Seeds that are the same on every machine and in every run.</summary>
internal static class Seed
{
    /// <summary>What CI runs with.</summary>
    public const int Default = 1;

    public static int Of(ReadOnlySpan<byte> bytes)
    {
        uint hash = 2166136261;
        foreach (byte b in bytes)
            hash = (hash ^ b) * 16777619;
        return (int)hash;
    }

    /// <summary>The seed of one target in a run, so that targets do not share their luck.</summary>
    public static int Of(string target, int seed) => Of(System.Text.Encoding.UTF8.GetBytes(target)) ^ seed * -1640531527;
}
