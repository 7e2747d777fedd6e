using CcBt.Core.Tests.Architecture.Planted.Swarm;

namespace CcBt.Core.Tests.Architecture.Planted.Dht;

/// <summary>Uses a room and a handle that it has no arrow to: the architecture test must find each place.</summary>
internal sealed class AskingNode
{
    private readonly Planner[] _plannerField = [];

    public TorrentSession? Handle { get; init; }

    public int Field => _plannerField.Length;

    public static int Generic() => new Dictionary<int, List<Planner>>().Count;

    public static Func<int> Closure(int seed) => () => new Planner(seed).Next();
}
