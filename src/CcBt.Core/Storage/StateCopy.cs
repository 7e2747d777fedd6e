namespace CcBt.Core.Storage;

/// <summary>Which copy of a state file was read.</summary>
internal enum StateCopy : byte
{
    None = 0,
    Current,

    /// <summary>Written whole, but the crash came before it took its place.</summary>
    Temporary,

    Former,
}
