namespace CcBt.Core;

/// <summary>What a verification found out about one file. The value is immutable and safe to use from any thread.</summary>
/// <param name="Path">The path of the file below the directory that was verified, with <c>/</c> between its elements.</param>
/// <param name="State">Whether the file is as the torrent says.</param>
public sealed record FileVerification(string Path, FileState State);
