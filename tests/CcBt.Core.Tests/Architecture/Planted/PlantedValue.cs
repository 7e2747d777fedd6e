using CcBt.Core.Tests.Architecture.Planted.Dht;

namespace CcBt.Core.Tests.Architecture.Planted;

/// <summary>A value that looks into a room: the architecture test must find it.</summary>
internal sealed class PlantedValue
{
    public AskingNode? Node { get; init; }
}
