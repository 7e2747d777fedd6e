using CcBt.Core.Tests.Architecture.Planted.Wire;

namespace CcBt.Core.Tests.Architecture.Planted.Swarm;

/// <summary>A pure type that keeps the rules: seeded by its caller, and on an allowed arrow.</summary>
internal sealed class Planner(int seed)
{
    private readonly Codec _codec = new();

    public int Next() => seed + _codec.Length(default);

    public static TimeSpan Later(TimeSpan now, Random random) => now + TimeSpan.FromSeconds(random.Next(10));
}
