using CcBt.Core.Interop.ExternalClients;

namespace CcBt.Core.Interop.Packaging;

/// <summary>A test that restores packages, which the private network of the other interop tests does not allow.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class PackageFactAttribute : FactAttribute
{
    public PackageFactAttribute()
    {
        if (PrivateNetwork.IsHere)
            Skip = "restores packages: run it outside the private network namespace, as ./test.sh does";
    }
}
