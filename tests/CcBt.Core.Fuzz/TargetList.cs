using CcBt.Core.Fuzz.Parsers;
using CcBt.Core.Fuzz.Sessions;

namespace CcBt.Core.Fuzz;

/// <summary>Every target, in the order in which they are listed.</summary>
internal static class TargetList
{
    public static IReadOnlyList<FuzzTarget> Parsers { get; } =
    [
        .. BencodeTargets.All,
        .. TorrentTargets.All,
        .. MagnetTargets.All,
        .. PathTargets.All,
        .. MerkleTargets.All,
        .. AddressTargets.All,
        .. TextTargets.All,
        .. PeerMessageTargets.All,
        .. ExtensionTargets.All,
        .. HttpTrackerTargets.All,
        .. UdpTrackerTargets.All,
        .. TrackerUrlTargets.All,
        .. DhtTargets.All,
        .. StateTargets.All,
    ];

    public static IReadOnlyList<FuzzTarget> Sessions { get; } = SessionTargets.All;

    public static IReadOnlyList<FuzzTarget> All { get; } = [.. Parsers, .. Sessions];

    public static FuzzTarget? Find(string name) => All.FirstOrDefault(target => target.Name == name);
}
