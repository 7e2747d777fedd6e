using CcBt.Core.Tests.Architecture.Planted.Session;

namespace CcBt.Core.Tests.Architecture.Planted;

/// <summary>A handle that uses the owner, as it may.</summary>
internal sealed class TorrentSession(Starter starter)
{
    public Task StartAsync() => starter.StartAsync();
}
