namespace CcBt.Core.Trackers;

/// <summary>How a tracker is spoken to.</summary>
internal enum TrackerScheme
{
    Http,
    Https,
    Udp,
}
