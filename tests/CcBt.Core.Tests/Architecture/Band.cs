namespace CcBt.Core.Tests.Architecture;

/// <summary>What a room may do: see docs/architecture.md.</summary>
internal enum Band
{
    Value,
    Door,
    Pure,
    Edge,
    Owner,
}
