namespace CcBt.Core.Storage;

/// <summary>A file of one open store; <see cref="PartsFile.Index"/> is its parts file.</summary>
internal readonly record struct HandleKey(int Store, int File);
