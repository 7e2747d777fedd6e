namespace CcBt.Core.Interop.ExternalClients;

/// <summary>As <see cref="RealClientFactAttribute"/>, for tests with data.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class RealClientTheoryAttribute : TheoryAttribute
{
    public RealClientTheoryAttribute(params RealClient[] clients)
    {
        if (!Installed.InCi)
            Skip = Installed.WhatIsMissing(clients);
    }
}
