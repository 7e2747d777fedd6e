using CcBt.Core.Interop.ExternalClients;

namespace CcBt.Core.Interop.Packaging;

/// <summary>The library packed under a version of its own into a folder that serves as a package source, and apps that use it.</summary>
public sealed class PackedLibrary : IAsyncLifetime
{
    private const string App = """
        using System.Net;
        using System.Runtime.InteropServices;
        using CcBt.Core;

        Console.WriteLine($"runs on {RuntimeInformation.FrameworkDescription}");
        var options = new TorrentClientOptions
        {
            ListenEndPoints = [new IPEndPoint(IPAddress.Loopback, 0)], EnableDht = false, EnableLocalDiscovery = false, EnableTrackers = false,
        };
        await using TorrentClient client = await TorrentClient.OpenAsync(options);
        TorrentSession session = await client.AddAsync("magnet:?xt=urn:btih:0123456789ABCDEF0123456789ABCDEF01234567", new AddTorrentOptions { SaveDirectory = "." });
        Console.WriteLine($"listens on {client.ListenEndPoints[0].Address}");
        Console.WriteLine($"info hash {session.InfoHash}");
        """;

    // Nothing of a build may outlive it, and the test host's own build settings must not leak into it.
    private static readonly Dictionary<string, string> _environment = new()
    {
        ["MSBUILDDISABLENODEREUSE"] = "1", ["UseSharedCompilation"] = "false", ["DOTNET_CLI_USE_MSBUILD_SERVER"] = "0",
        ["MSBuildSDKsPath"] = "", ["MSBuildExtensionsPath"] = "", ["MSBUILD_EXE_PATH"] = "", ["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1",
    };

    // The packages folder of the machine answers for a version that it has seen, so every run needs a new one.
    private readonly string _version = $"0.1.0-test.{Environment.ProcessId}.{Environment.TickCount64}";
    private readonly string _folder = Directory.CreateTempSubdirectory("ccbt-package-").FullName;

    private string Feed => Path.Combine(_folder, "feed");

    public string Package(string extension) => Path.Combine(Feed, $"CcBt.Core.{_version}.{extension}");

    async Task IAsyncLifetime.InitializeAsync()
    {
        if (PrivateNetwork.IsHere)
            return;
        await RunDotnetAsync(Path.Combine(RepositoryRoot(), "src", "CcBt.Core"),
            "pack", "-c", "Release", $"-p:Version={_version}", "--artifacts-path", Path.Combine(_folder, "artifacts"), "-o", Feed);
    }

    Task IAsyncLifetime.DisposeAsync()
    {
        string packages = Environment.GetEnvironmentVariable("NUGET_PACKAGES")
            ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        string cached = Path.Combine(packages, "ccbt.core", _version);
        if (Directory.Exists(cached))
            Directory.Delete(cached, recursive: true);
        Directory.Delete(_folder, recursive: true);
        return Task.CompletedTask;
    }

    /// <summary>A folder with a console app that references the package, and nothing of this repository.</summary>
    public string NewApp(string framework)
    {
        string folder = Directory.CreateDirectory(Path.Combine(_folder, $"app-{framework}")).FullName;
        File.WriteAllText(Path.Combine(folder, "Program.cs"), App);
        File.WriteAllText(Path.Combine(folder, "nuget.config"), $"""
            <configuration>
              <packageSources>
                <add key="packed" value="{Feed}" />
              </packageSources>
            </configuration>
            """);
        File.WriteAllText(Path.Combine(folder, "app.csproj"), $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>{framework}</TargetFramework>
                <ImplicitUsings>enable</ImplicitUsings>
                <Nullable>enable</Nullable>
                <InvariantGlobalization>true</InvariantGlobalization>
                <TreatWarningsAsErrors>true</TreatWarningsAsErrors>
                <NuGetAudit>false</NuGetAudit>
              </PropertyGroup>
              <ItemGroup>
                <PackageReference Include="CcBt.Core" Version="{_version}" />
              </ItemGroup>
            </Project>
            """);
        return folder;
    }

    public Task<string> RunDotnetAsync(string folder, params string[] arguments) => RunAsync("dotnet", folder, arguments);

    /// <summary>Runs a program to its end and gives its output.</summary>
    public static async Task<string> RunAsync(string program, string folder, params string[] arguments)
    {
        using var time = new CancellationTokenSource(TimeSpan.FromMinutes(4));
        await using ChildProcess process = ChildProcess.Start(program, arguments, folder, _environment);
        int code = await process.WaitForExitAsync(time.Token);
        Assert.True(code == 0, $"{program} {string.Join(' ', arguments)} ended with {code}\n{process.Output}");
        return string.Join('\n', process.Lines);
    }

    public static string RepositoryRoot()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "CcBt.Core.sln")))
            folder = Path.GetDirectoryName(folder);
        return folder ?? throw new InvalidOperationException($"No CcBt.Core.sln above {AppContext.BaseDirectory}.");
    }
}
