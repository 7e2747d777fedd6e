using CcBt.Core.Storage;

namespace CcBt.Core.Session;

/// <summary>What the edge needs to open a session's files; <paramref name="Attempt"/> comes back with the answer.</summary>
internal sealed record StoreOrder(long Attempt, Torrent Torrent, string SaveDirectory, IReadOnlyList<bool> WantedFiles, bool TrustFiles, ResumeData? Resume);
