namespace CcBt.Core.Interop.ExternalClients;

/// <summary>
/// A test that needs real clients and the private network. Where one is missing the test is skipped and says how to get it; in CI it
/// runs and fails, so that a broken installation is not taken for success.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class RealClientFactAttribute : FactAttribute
{
    public RealClientFactAttribute(params RealClient[] clients)
    {
        if (!Installed.InCi)
            Skip = Installed.WhatIsMissing(clients);
    }
}
