using CcBt.Core.Addressing;
using CcBt.Core.Trackers;

namespace CcBt.Core.Transport;

/// <summary>A tracker's addresses that an announce may go to, or why there are none.</summary>
internal readonly record struct TrackerTargets(IReadOnlyList<PeerAddress> Addresses, TrackerFailure Failure, string? Message)
{
    public bool IsEmpty => Failure != TrackerFailure.None;

    /// <summary>Looks the host up and keeps what is of the route's family and passes the rule for local addresses.</summary>
    public static async ValueTask<TrackerTargets> FindAsync(HostResolver resolver, TrackerUrl tracker, PeerAddress local, CancellationToken cancellationToken)
    {
        IReadOnlyList<PeerAddress> all = await resolver.ResolveAsync(tracker.Host, tracker.Port, cancellationToken).ConfigureAwait(false);
        if (all.Count == 0)
            return None(TrackerFailure.HostNotFound, $"The host of {tracker} is not known.");
        PeerAddress[] family = [.. all.Where(address => address.IsV6 == local.IsV6)];
        if (family.Length == 0)
            return None(TrackerFailure.NoAddressOfFamily, $"{tracker} has no {(local.IsV6 ? "IPv6" : "IPv4")} address.");
        PeerAddress[] allowed = [.. family.Where(address => tracker.IsAllowedTarget(address.Classify()))];
        return allowed.Length == 0
            ? None(TrackerFailure.AddressRefused, $"{tracker} is at {family[0].ToIPAddress()}, where a tracker's path must begin with /announce.")
            : new TrackerTargets(allowed, TrackerFailure.None, null);
    }

    /// <summary>
    /// Those that a tracker at an address of this class may redirect to: one on the Internet not into the local network, by none of the host's addresses.
    /// </summary>
    public TrackerTargets NamedBy(AddressClass source, TrackerUrl tracker)
    {
        PeerAddress[] named = [.. Addresses.Where(address => source.MayName(address.Classify()))];
        return IsEmpty || named.Length > 0 ? this with { Addresses = named } : None(TrackerFailure.RedirectRefused, $"{tracker} redirects into the local network.");
    }

    private static TrackerTargets None(TrackerFailure failure, string message) => new([], failure, message);
}
