using CcBt.Core.Faults.Stories;
using Xunit;

namespace CcBt.Core.Faults;

/// <summary>A test that looks into /proc, and perhaps needs namespaces. Where they are missing it is skipped, but not in CI.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class LinuxTheoryAttribute : TheoryAttribute
{
    private bool _needsNamespaces;

    public LinuxTheoryAttribute() => Skip = OperatingSystem.IsLinux() ? null : "It reads /proc.";

    public bool NeedsNamespaces
    {
        get => _needsNamespaces;
        set
        {
            _needsNamespaces = value;
            if (value && Environment.GetEnvironmentVariable("CI") is null)
                Skip ??= Namespaces.Obstacle;
        }
    }
}
