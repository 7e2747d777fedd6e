namespace CcBt.Core.Wire;

/// <summary>What a peer did wrong, in a message of which kind, and the number that shows it (a length or an index).</summary>
internal readonly record struct WireError(WireErrorCode Code, PeerMessageKind Kind, long Detail)
{
    public bool IsError => Code != WireErrorCode.None;

    public override string ToString() => $"{Code} in {Kind}: {Detail}";
}
