using System.Runtime.InteropServices;

namespace CcBt.Core.BEncoding;

/// <summary>
/// A parsed piece of bencode: a flat list of tokens over the caller's bytes. Parsing is iterative, so nesting costs
/// no stack, and nothing is allocated from a length that the input claims. One document can parse again and again;
/// values of the former parse are then void.
/// </summary>
internal sealed class BDocument
{
    private readonly List<BToken> _tokens = [];
    private ReadOnlyMemory<byte> _data;

    /// <summary>The outermost value; of kind <see cref="BKind.None"/> when nothing was parsed.</summary>
    public BValue Root => _tokens.Count == 0 ? default : new BValue(this, 0);

    /// <summary>How many bytes the outermost value takes; less than the input only where trailing data is allowed.</summary>
    public int Length => _tokens.Count == 0 ? 0 : _tokens[0].End;

    internal ReadOnlySpan<byte> Data => _data.Span;

    internal ReadOnlyMemory<byte> Memory => _data;

    /// <summary>Reads one value. False, and the reason, when the bytes break bencode or a limit.</summary>
    public bool TryParse(ReadOnlyMemory<byte> data, in BLimits limits, out BError error)
    {
        _tokens.Clear();
        _data = data;
        error = data.Length > limits.MaxLength
            ? new BError(BErrorCode.InputTooLong, limits.MaxLength)
            : new BParser(data, limits, _tokens).Run();
        if (error.Code == BErrorCode.None)
            return true;
        _tokens.Clear();
        return false;
    }

    internal ref readonly BToken Token(int index) => ref CollectionsMarshal.AsSpan(_tokens)[index];
}
