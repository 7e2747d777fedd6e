using System.Runtime.InteropServices;
using CcBt.Core.Interop.ExternalClients;

namespace CcBt.Core.Interop.Packaging;

/// <summary>A test that compiles a program to machine code. It needs a linker and the compiler's package; what is missing is said.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class NativeFactAttribute : FactAttribute
{
    public NativeFactAttribute()
    {
        if (PrivateNetwork.IsHere)
            Skip = "restores packages: run it outside the private network namespace, as ./test.sh does";
        else if (Linker is null)
            Skip = "neither clang nor gcc is here to link a native program";
        else if (!Directory.Exists(CompilerPackage))
            Skip = $"the compiler for native programs is not in the package cache: dotnet restore samples/Cli -r {RuntimeInformation.RuntimeIdentifier} -p:Native=true";
    }

    public static string? Linker => new[] { "clang", "gcc" }.FirstOrDefault(IsOnPath);

    // The SDK uses the compiler of the same version as its own runtime, which runs these tests.
    private static string CompilerPackage => Path.Combine(Packages, $"runtime.{RuntimeInformation.RuntimeIdentifier}.microsoft.dotnet.ilcompiler", Environment.Version.ToString());

    private static string Packages => Environment.GetEnvironmentVariable("NUGET_PACKAGES")
        ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");

    private static bool IsOnPath(string program)
        => Environment.GetEnvironmentVariable("PATH")!.Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, program)));
}
