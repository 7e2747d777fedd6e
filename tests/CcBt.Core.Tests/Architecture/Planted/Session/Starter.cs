namespace CcBt.Core.Tests.Architecture.Planted.Session;

/// <summary>An owner that starts a thread-pool task of its own: the architecture test must find it.</summary>
internal sealed class Starter
{
    public Task StartAsync() => Task.Run(() => GetHashCode());
}
