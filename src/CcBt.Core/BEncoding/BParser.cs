using System.Runtime.InteropServices;

namespace CcBt.Core.BEncoding;

/// <summary>The iterative parser behind <see cref="BDocument"/>: one pass, an explicit stack of open lists and dictionaries.</summary>
internal ref struct BParser
{
    private readonly ReadOnlyMemory<byte> _memory;
    private readonly ReadOnlySpan<byte> _data;
    private readonly BLimits _limits;
    private readonly List<BToken> _tokens;
    private readonly List<OpenContainer> _open;
    private int _at;

    public BParser(ReadOnlyMemory<byte> data, BLimits limits, List<BToken> tokens)
    {
        _memory = data;
        _data = data.Span;
        _limits = limits;
        _tokens = tokens;
        _open = new List<OpenContainer>(8);
    }

    public BError Run()
    {
        do
        {
            BErrorCode code = Step();
            if (code != BErrorCode.None)
                return new BError(code, _at);
        }
        while (_open.Count > 0);
        return _at < _data.Length && !_limits.AllowTrailingData ? new BError(BErrorCode.TrailingData, _at) : default;
    }

    private BErrorCode Step()
    {
        if (_at >= _data.Length)
            return BErrorCode.UnexpectedEnd;
        byte b = _data[_at];
        if (b == 'e' && _open.Count > 0)
            return Close();
        if (_tokens.Count >= _limits.MaxTokens)
            return BErrorCode.TooManyTokens;
        bool isKey = _open.Count > 0 && _open[^1].ExpectsKey;
        if (isKey && b is < (byte)'0' or > (byte)'9')
            return BErrorCode.KeyNotString;
        BErrorCode code = b switch
        {
            (byte)'i' => ReadInteger(),
            (byte)'l' => OpenNew(BKind.List),
            (byte)'d' => OpenNew(BKind.Dictionary),
            >= (byte)'0' and <= (byte)'9' => ReadString(),
            _ => BErrorCode.UnexpectedByte,
        };
        return code == BErrorCode.None && isKey ? CheckKeyOrder() : code;
    }

    private BErrorCode OpenNew(BKind kind)
    {
        if (_open.Count >= _limits.MaxDepth)
            return BErrorCode.TooDeep;
        ValueRead();
        _open.Add(new OpenContainer { Token = _tokens.Count, IsDictionary = kind == BKind.Dictionary, ExpectsKey = kind == BKind.Dictionary, LastKey = -1 });
        _tokens.Add(new BToken { Kind = kind, Start = _at, DataStart = _at + 1 });
        _at++;
        return BErrorCode.None;
    }

    private BErrorCode Close()
    {
        OpenContainer top = _open[^1];
        if (top.IsDictionary && !top.ExpectsKey)
            return BErrorCode.KeyWithoutValue;
        _at++;
        ref BToken token = ref CollectionsMarshal.AsSpan(_tokens)[top.Token];
        token.End = _at;
        token.Next = _tokens.Count;
        int duplicate = top.IsDictionary && top.Unsorted ? FindDuplicateKey(top.Token) : -1;
        if (duplicate >= 0)
        {
            _at = _tokens[duplicate].Start;
            return BErrorCode.DuplicateKey;
        }
        _open.RemoveAt(_open.Count - 1);
        return BErrorCode.None;
    }

    private BErrorCode ReadInteger()
    {
        int start = _at, at = _at + 1;
        bool negative = at < _data.Length && _data[at] == '-';
        if (negative)
            at++;
        int digits = at;
        ulong value = 0;
        for (; at < _data.Length && (uint)(_data[at] - '0') <= 9; at++)
        {
            uint digit = (uint)(_data[at] - '0');
            if (value > (ulong.MaxValue - digit) / 10)
                return BErrorCode.IntegerOverflow;
            value = value * 10 + digit;
        }
        if (at >= _data.Length)
            return BErrorCode.UnexpectedEnd;
        int count = at - digits;
        if (_data[at] != 'e' || count == 0 || (count > 1 && _data[digits] == '0') || (negative && value == 0))
            return BErrorCode.InvalidInteger;
        if (value > (negative ? 1UL << 63 : long.MaxValue))
            return BErrorCode.IntegerOverflow;
        ValueRead();
        _at = at + 1;
        _tokens.Add(new BToken { Kind = BKind.Integer, Start = start, DataStart = start + 1, End = _at, Next = _tokens.Count + 1 });
        return BErrorCode.None;
    }

    private BErrorCode ReadString()
    {
        int start = _at, at = _at;
        long length = 0;
        for (; at < _data.Length && (uint)(_data[at] - '0') <= 9; at++)
        {
            length = length * 10 + (_data[at] - '0');
            if (length > _data.Length)
                return BErrorCode.StringTooLong;
        }
        if (at >= _data.Length)
            return BErrorCode.UnexpectedEnd;
        if (_data[at] != ':' || (at - start > 1 && _data[start] == '0'))
            return BErrorCode.InvalidStringLength;
        at++;
        if (length > _data.Length - at)
            return BErrorCode.StringTooLong;
        ValueRead();
        _at = at + (int)length;
        _tokens.Add(new BToken { Kind = BKind.String, Start = start, DataStart = at, End = _at, Next = _tokens.Count + 1 });
        return BErrorCode.None;
    }

    /// <summary>A key or a value was begun in the open container: in a dictionary they alternate.</summary>
    private readonly void ValueRead()
    {
        if (_open.Count == 0)
            return;
        ref OpenContainer top = ref CollectionsMarshal.AsSpan(_open)[^1];
        if (top.IsDictionary)
            top.ExpectsKey = !top.ExpectsKey;
    }

    private BErrorCode CheckKeyOrder()
    {
        ref OpenContainer top = ref CollectionsMarshal.AsSpan(_open)[^1];
        int key = _tokens.Count - 1, last = top.LastKey;
        top.LastKey = key;
        if (last < 0)
            return BErrorCode.None;
        int order = KeyBytes(last).SequenceCompareTo(KeyBytes(key));
        if (order < 0)
            return BErrorCode.None;
        _at = _tokens[key].Start;
        if (order == 0)
            return BErrorCode.DuplicateKey;
        if (_limits.StrictKeys)
            return BErrorCode.UnsortedKeys;
        top.Unsorted = true;
        _at = _tokens[key].End;
        return BErrorCode.None;
    }

    /// <summary>Keys that came unsorted can repeat without being neighbours; sorting finds that in n log n.</summary>
    private readonly int FindDuplicateKey(int dictionary)
    {
        var keys = new List<int>();
        for (int i = dictionary + 1; i < _tokens.Count; i = _tokens[i + 1].Next)
            keys.Add(i);
        // The comparison can not hold a span, and copying the input for each dictionary would cost its square.
        ReadOnlyMemory<byte> data = _memory;
        List<BToken> tokens = _tokens;
        keys.Sort((a, b) => data.Span[tokens[a].DataStart..tokens[a].End].SequenceCompareTo(data.Span[tokens[b].DataStart..tokens[b].End]));
        for (int i = 1; i < keys.Count; i++)
        {
            if (KeyBytes(keys[i - 1]).SequenceEqual(KeyBytes(keys[i])))
                return Math.Max(keys[i - 1], keys[i]);
        }
        return -1;
    }

    private readonly ReadOnlySpan<byte> KeyBytes(int token) => _data[_tokens[token].DataStart.._tokens[token].End];

    private struct OpenContainer
    {
        public int Token;
        public int LastKey;
        public bool IsDictionary;
        public bool ExpectsKey;
        public bool Unsorted;
    }
}
