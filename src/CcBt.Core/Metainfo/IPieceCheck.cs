namespace CcBt.Core.Metainfo;

/// <summary>The check of one piece: its content goes in from the first byte to the last, in runs of any length.</summary>
internal interface IPieceCheck : IDisposable
{
    void Append(ReadOnlySpan<byte> run);

    /// <summary>Ends the check: whether what was appended is the piece.</summary>
    bool Finish();
}
