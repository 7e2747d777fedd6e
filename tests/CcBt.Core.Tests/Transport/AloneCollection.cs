using Xunit;

namespace CcBt.Core.Tests.Transport;

/// <summary>Tests that count what the whole process does: they run when no other test does.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class AloneCollection
{
    public const string Name = "alone";
}
