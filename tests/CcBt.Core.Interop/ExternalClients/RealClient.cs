namespace CcBt.Core.Interop.ExternalClients;

/// <summary>The programs of other people that the tests run against.</summary>
internal enum RealClient
{
    LibTorrent,
    Transmission,
    Aria2,
    OpenTracker,
    Nginx,
}
