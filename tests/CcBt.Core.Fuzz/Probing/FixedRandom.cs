using System.Security.Cryptography;

namespace CcBt.Core.Fuzz.Probing;

/// <summary>Random bytes that the question chose: the first request gets them, each later one the SHA-1 of the former ones, repeated.</summary>
internal sealed class FixedRandom(byte[] first) : Random
{
    private byte[] _next = first;

    public override void NextBytes(Span<byte> buffer)
    {
        for (int i = 0; i < buffer.Length; i++)
            buffer[i] = _next[i % _next.Length];
        _next = SHA1.HashData(_next);
    }

    public override void NextBytes(byte[] buffer) => NextBytes(buffer.AsSpan());
}
