namespace CcBt.Core.Storage;

/// <summary>A file of a torrent as it is stored: its path below the save directory with <c>/</c> between elements, and its final length in bytes.</summary>
internal readonly record struct StoredFile(string Path, long Length);
