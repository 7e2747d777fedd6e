using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using CcBt.Core.Interop.ExternalClients;

namespace CcBt.Core.Interop.Packaging;

/// <summary><c>ccbt</c> published as one native program, in a folder of its own.</summary>
internal sealed class NativeTool : IDisposable
{
    private NativeTool(string folder) => Folder = folder;

    public string Folder { get; }

    public static async Task<NativeTool> PublishAsync()
    {
        var tool = new NativeTool(Directory.CreateTempSubdirectory("ccbt-native-").FullName);
        try
        {
            // What the program asks of the processor by default is more than the oldest have.
            string[] processor = Avx2.IsSupported ? [] : ["-p:IlcInstructionSet="];
            await PackedLibrary.RunAsync("dotnet", Path.Combine(PackedLibrary.RepositoryRoot(), "samples", "Cli"),
                ["publish", "-c", "Release", "-r", RuntimeInformation.RuntimeIdentifier, "-p:Native=true", $"-p:CppCompilerAndLinker={NativeFactAttribute.Linker}",
                 "-p:RunAnalyzers=false", .. processor, "--artifacts-path", Path.Combine(tool.Folder, "artifacts"), "-o", Path.Combine(tool.Folder, "out")]);
        }
        catch
        {
            tool.Dispose();
            throw;
        }
        return tool;
    }

    public async Task<(int Code, IReadOnlyList<string> Lines)> RunAsync(params string[] arguments)
    {
        using var time = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        await using ChildProcess process = ChildProcess.Start(Path.Combine(Folder, "out", "ccbt"), arguments, Folder);
        return (await process.WaitForExitAsync(time.Token), process.Lines);
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
