using CcBt.Core.Wire;

namespace CcBt.Core.Fuzz.Parsers;

/// <summary>What became of a stream of peer messages.</summary>
internal sealed record StreamResult(List<string> Lines, List<PeerMessage> Messages, WireError Error, bool IsMidMessage, long MessageCount, long PayloadBytes)
{
    public string Summary => $"{string.Join('\n', Lines)}\n{Error} {IsMidMessage} {MessageCount} {PayloadBytes}";
}
