namespace CcBt.Core.Tests.Architecture;

/// <summary>
/// Framework types and members that a band may not touch. A rule is a namespace ("System.IO.*"), a type ("System.Threading.Monitor") or the
/// beginning of a member ("System.DateTime::get_Now"); the longest rule that fits decides (of equals the last), and one
/// that begins with "+" allows.
/// </summary>
internal sealed class DenyList
{
    private static readonly string[] _everywhere =
    [
        "System.DateTime::get_Now", "System.DateTime::get_UtcNow", "System.DateTime::get_Today",
        "System.DateTimeOffset::get_Now", "System.DateTimeOffset::get_UtcNow",
        "System.Random::get_Shared", "System.Random::.ctor()",
        "System.Threading.Thread::Sleep", "System.Reflection.Emit.*", "System.Activator",
        "System.Threading.Tasks.Task::Wait(", "System.Threading.Tasks.Task`1::get_Result", "System.GC::Collect(",
        "System.Runtime.CompilerServices.AsyncVoidMethodBuilder",
        // What waits without a TimeProvider can not be tested in virtual time.
        "System.Threading.Tasks.Task::Delay(", "+System.Threading.Tasks.Task::Delay(TimeSpan,TimeProvider",
        "System.Threading.CancellationTokenSource::.ctor(", "+System.Threading.CancellationTokenSource::.ctor()", "+System.Threading.CancellationTokenSource::.ctor(TimeSpan,TimeProvider)",
        "System.Threading.Timer::.ctor(", "System.Threading.PeriodicTimer::.ctor(TimeSpan)",
    ];

    private static readonly string[] _handles =
    [
        "System.Net.Sockets.*", "+System.Net.Sockets.AddressFamily", "System.Net.Http.*", "System.Net.NetworkInformation.*", "System.Net.Dns",
        "System.IO.File", "System.IO.FileInfo", "System.IO.FileStream", "System.IO.Directory", "System.IO.DirectoryInfo", "System.IO.RandomAccess",
        "System.IO.Pipes.*", "System.IO.MemoryMappedFiles.*", "System.IO.FileSystemWatcher", "System.IO.DriveInfo",
        "Microsoft.Win32.*", "System.Diagnostics.Process", "System.Console", "System.Runtime.InteropServices.DllImportAttribute",
    ];

    private static readonly string[] _pure =
    [
        .. _everywhere,
        .. _handles,
        "System.IO.*", "+System.IO.Path", "System.IO.Path::GetTemp", "System.IO.Path::GetRandom", "System.IO.Path::Exists", "System.IO.Path::GetFullPath(String)",
        "+System.IO.Stream", "+System.IO.MemoryStream", "+System.IO.Compression.*", "System.IO.Compression.ZipFile",
        "+System.IO.InvalidDataException", "+System.IO.EndOfStreamException", "+System.IO.IOException",
        "System.Threading.*", "+System.Threading.CancellationToken", "System.Timers.*", "System.Collections.Concurrent.*",
        "System.Runtime.CompilerServices.Async", "System.Runtime.CompilerServices.IAsync", "System.Runtime.CompilerServices.TaskAwaiter",
        "System.Runtime.CompilerServices.ValueTaskAwaiter", "System.Runtime.CompilerServices.Configured", "System.Runtime.CompilerServices.PoolingAsync",
        "System.Runtime.CompilerServices.YieldAwaitable",
        "System.IAsyncDisposable", "System.Collections.Generic.IAsyncEnumer",
        "System.TimeProvider", "System.Environment", "+System.Environment::get_NewLine", "+System.Environment::get_CurrentManagedThreadId",
        "System.Diagnostics.*", "+System.Diagnostics.Debug", "+System.Diagnostics.UnreachableException",
        "System.Random::.ctor", "System.Guid::NewGuid", "System.Security.Cryptography.RandomNumberGenerator",
        "Microsoft.Extensions.Logging.*",
    ];

    // The owner's step is synchronous and its work arrives by post: threads and Task.Run belong to the edges.
    private static readonly string[] _owner =
    [
        .. _everywhere,
        .. _handles, "+System.Net.Sockets.SocketException", "+System.Net.Sockets.SocketError",
        "System.Threading.Thread::.ctor", "System.Threading.Tasks.Task::Run", "System.Threading.Tasks.TaskFactory",
        "System.Diagnostics.Stopwatch", "System.Environment::get_TickCount",
    ];

    private static readonly string[] _value =
    [
        .. _pure, "+System.TimeProvider", "+Microsoft.Extensions.Logging.*",
    ];

    private readonly (string Prefix, bool Allows)[] _rules;

    private DenyList(string[] rules)
        => _rules = [.. rules.Reverse().Select(r => (r.TrimStart('+').TrimEnd('*'), r[0] == '+')).OrderByDescending(r => r.Item1.Length)];

    public static DenyList For(Band band) => new(band switch
    {
        Band.Pure => _pure,
        Band.Value => _value,
        Band.Owner or Band.Door => _owner,
        _ => _everywhere,
    });

    /// <summary>Whether the band may not use this member of this type.</summary>
    public bool Denies(string typeFullName, string member)
    {
        string text = $"{typeFullName}::{member}";
        foreach ((string prefix, bool allows) in _rules)
        {
            if (Matches(text, prefix))
                return !allows;
        }
        return false;
    }

    // A whole type must not match a longer name: "System.IO.File" is not "System.IO.FileMode".
    private static bool Matches(string text, string prefix)
        => text.StartsWith(prefix, StringComparison.Ordinal)
            && (prefix.Contains("::") || prefix.EndsWith('.') || IsOpenPrefix(prefix) || text[prefix.Length] is ':' or '/' or '`');

    private static bool IsOpenPrefix(string prefix)
        => prefix.StartsWith("System.Runtime.CompilerServices.", StringComparison.Ordinal) || prefix == "System.Collections.Generic.IAsyncEnumer";
}
