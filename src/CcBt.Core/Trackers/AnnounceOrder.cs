namespace CcBt.Core.Trackers;

/// <summary>One announce that the schedule wants made.</summary>
/// <param name="Number">Tells the orders of one schedule apart.</param>
/// <param name="Tracker">Whom to tell.</param>
/// <param name="Route">From where.</param>
/// <param name="Request">What.</param>
/// <param name="Limit">How long it may take in all.</param>
internal sealed record AnnounceOrder(int Number, TrackerUrl Tracker, AnnounceRoute Route, AnnounceRequest Request, TimeSpan Limit);
