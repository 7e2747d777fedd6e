namespace CcBt.Core.Trackers;

/// <summary>What announces report of the transfer, counted since the session's start (BEP 3).</summary>
/// <param name="UploadedBytes">Payload sent.</param>
/// <param name="DownloadedBytes">Payload received.</param>
/// <param name="LeftBytes">Still to be had; while the size is unknown, anything but 0.</param>
/// <param name="IsPartialSeed">Incomplete, but downloading nothing more (BEP 21).</param>
internal readonly record struct AnnounceCounters(long UploadedBytes, long DownloadedBytes, long LeftBytes, bool IsPartialSeed = false);
