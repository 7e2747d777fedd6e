namespace CcBt.Core.Metainfo;

/// <summary>The letters of an <c>attr</c> field (BEP 47); unknown letters say nothing.</summary>
[Flags]
internal enum FileAttributeFlags : byte
{
    None = 0,
    Padding = 1,
    SymbolicLink = 2,
    Executable = 4,
    Hidden = 8,
}
