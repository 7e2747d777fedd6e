using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using System.Security.Cryptography;

namespace CcBt.Core.Metainfo;

/// <summary>
/// SHA-1 (FIPS 180-4) of eight messages of the same length at the same time. Each step of one SHA-1 waits for the one before, also where the processor has instructions
/// for it; eight side by side, each in its lane of every vector, keep it busy and take less time than two or three one after the other.
/// </summary>
internal sealed class Sha1Lanes
{
    public const int Count = 8;

    /// <summary>Lanes that must be in use for all eight to cost less than hashing these one by one.</summary>
    public const int Least = 5;

    /// <summary>What is appended is a multiple of this many bytes.</summary>
    public const int BlockBytes = 64;

    private const int WordsPerBlock = 16;
    private const int RowBytes = 32;

    private Vector256<uint> _a;
    private Vector256<uint> _b;
    private Vector256<uint> _c;
    private Vector256<uint> _d;
    private Vector256<uint> _e;
    private long _length;

    public static bool IsSupported => Avx2.IsSupported;

    /// <summary>Begins eight new messages.</summary>
    public void Begin()
    {
        _a = Vector256.Create(0x67452301u);
        _b = Vector256.Create(0xEFCDAB89u);
        _c = Vector256.Create(0x98BADCFEu);
        _d = Vector256.Create(0x10325476u);
        _e = Vector256.Create(0xC3D2E1F0u);
        _length = 0;
    }

    /// <summary>Adds bytes to each message; those of lane <c>i</c> begin at <c>i * stride</c>.</summary>
    public void Append(ReadOnlySpan<byte> content, int stride, int length)
    {
        if (length % BlockBytes != 0)
            throw new ArgumentException("Only whole blocks can be appended.", nameof(length));
        _length += length;
        Compress(content, stride, length);
    }

    /// <summary>Ends the messages and writes their digests one behind the other.</summary>
    public void Finish(Span<byte> digests)
    {
        // A one bit, zeros, and the length in bits: the same for all lanes, so they share one block.
        Span<byte> end = stackalloc byte[BlockBytes];
        end.Clear();
        end[0] = 0x80;
        BinaryPrimitives.WriteInt64BigEndian(end[^sizeof(long)..], _length * 8);
        Compress(end, 0, BlockBytes);
        ReadOnlySpan<Vector256<uint>> words = [_a, _b, _c, _d, _e];
        for (int word = 0; word < words.Length; word++)
        {
            for (int lane = 0; lane < Count; lane++)
                BinaryPrimitives.WriteUInt32BigEndian(digests[(lane * SHA1.HashSizeInBytes + word * sizeof(uint))..], words[word][lane]);
        }
    }

    // Compiled for speed at once: the first, slow form of it would hash the whole torrent.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Compress(ReadOnlySpan<byte> content, int stride, int length)
    {
        Span<Vector256<uint>> words = stackalloc Vector256<uint>[WordsPerBlock];
        Vector256<uint> a = _a, b = _b, c = _c, d = _d, e = _e;
        for (int at = 0; at < length; at += BlockBytes)
        {
            Gather(content[at..], stride, words);
            Gather(content[(at + RowBytes)..], stride, words[Count..]);
            Vector256<uint> a0 = a, b0 = b, c0 = c, d0 = d, e0 = e;
            RoundsOfChoice(words, ref a, ref b, ref c, ref d, ref e);
            RoundsOfParity(words, 20, 0x6ED9EBA1, ref a, ref b, ref c, ref d, ref e);
            RoundsOfMajority(words, ref a, ref b, ref c, ref d, ref e);
            RoundsOfParity(words, 60, 0xCA62C1D6, ref a, ref b, ref c, ref d, ref e);
            (a, b, c, d, e) = (a + a0, b + b0, c + c0, d + d0, e + e0);
        }
        (_a, _b, _c, _d, _e) = (a, b, c, d, e);
    }

    /// <summary>The next eight words of each lane, as eight vectors that hold one word of all lanes each: a matrix, turned.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Gather(ReadOnlySpan<byte> content, int stride, Span<Vector256<uint>> words)
    {
        (Vector256<ulong> low0, Vector256<ulong> high0) = Pair(content, 0, stride);
        (Vector256<ulong> low2, Vector256<ulong> high2) = Pair(content, 2 * stride, stride);
        (Vector256<ulong> low4, Vector256<ulong> high4) = Pair(content, 4 * stride, stride);
        (Vector256<ulong> low6, Vector256<ulong> high6) = Pair(content, 6 * stride, stride);
        Put(words, 0, Avx2.UnpackLow(low0, low2), Avx2.UnpackLow(low4, low6));
        Put(words, 1, Avx2.UnpackHigh(low0, low2), Avx2.UnpackHigh(low4, low6));
        Put(words, 2, Avx2.UnpackLow(high0, high2), Avx2.UnpackLow(high4, high6));
        Put(words, 3, Avx2.UnpackHigh(high0, high2), Avx2.UnpackHigh(high4, high6));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector256<ulong> Low, Vector256<ulong> High) Pair(ReadOnlySpan<byte> content, int at, int stride)
    {
        Vector256<uint> even = Row(content, at), odd = Row(content, at + stride);
        return (Avx2.UnpackLow(even, odd).AsUInt64(), Avx2.UnpackHigh(even, odd).AsUInt64());
    }

    /// <summary>Eight words of one lane. They are big-endian in the message.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<uint> Row(ReadOnlySpan<byte> content, int at)
        => Avx2.Shuffle(MemoryMarshal.Read<Vector256<byte>>(content.Slice(at, RowBytes)), Vector256.Create(
            (byte)3, 2, 1, 0, 7, 6, 5, 4, 11, 10, 9, 8, 15, 14, 13, 12, 3, 2, 1, 0, 7, 6, 5, 4, 11, 10, 9, 8, 15, 14, 13, 12)).AsUInt32();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Put(Span<Vector256<uint>> words, int at, Vector256<ulong> lowLanes, Vector256<ulong> highLanes)
    {
        words[at] = Avx2.Permute2x128(lowLanes, highLanes, 0x20).AsUInt32();
        words[at + 4] = Avx2.Permute2x128(lowLanes, highLanes, 0x31).AsUInt32();
    }

    // Rounds 0 to 19. Five rounds a turn, so that the five variables change their parts without being moved.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void RoundsOfChoice(
        Span<Vector256<uint>> words, ref Vector256<uint> a, ref Vector256<uint> b, ref Vector256<uint> c, ref Vector256<uint> d, ref Vector256<uint> e)
    {
        Vector256<uint> k = Vector256.Create(0x5A827999u);
        for (int t = 0; t < 15; t += 5)
        {
            Round(a, ref b, ref e, Choice(b, c, d), k + words[t]);
            Round(e, ref a, ref d, Choice(a, b, c), k + words[t + 1]);
            Round(d, ref e, ref c, Choice(e, a, b), k + words[t + 2]);
            Round(c, ref d, ref b, Choice(d, e, a), k + words[t + 3]);
            Round(b, ref c, ref a, Choice(c, d, e), k + words[t + 4]);
        }
        Round(a, ref b, ref e, Choice(b, c, d), k + words[15]);
        Round(e, ref a, ref d, Choice(a, b, c), k + Next(words, 16));
        Round(d, ref e, ref c, Choice(e, a, b), k + Next(words, 17));
        Round(c, ref d, ref b, Choice(d, e, a), k + Next(words, 18));
        Round(b, ref c, ref a, Choice(c, d, e), k + Next(words, 19));
    }

    // Rounds 20 to 39 and 60 to 79.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void RoundsOfParity(Span<Vector256<uint>> words, int first, uint constant,
        ref Vector256<uint> a, ref Vector256<uint> b, ref Vector256<uint> c, ref Vector256<uint> d, ref Vector256<uint> e)
    {
        Vector256<uint> k = Vector256.Create(constant);
        for (int t = first; t < first + 20; t += 5)
        {
            Round(a, ref b, ref e, b ^ c ^ d, k + Next(words, t));
            Round(e, ref a, ref d, a ^ b ^ c, k + Next(words, t + 1));
            Round(d, ref e, ref c, e ^ a ^ b, k + Next(words, t + 2));
            Round(c, ref d, ref b, d ^ e ^ a, k + Next(words, t + 3));
            Round(b, ref c, ref a, c ^ d ^ e, k + Next(words, t + 4));
        }
    }

    // Rounds 40 to 59.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void RoundsOfMajority(
        Span<Vector256<uint>> words, ref Vector256<uint> a, ref Vector256<uint> b, ref Vector256<uint> c, ref Vector256<uint> d, ref Vector256<uint> e)
    {
        Vector256<uint> k = Vector256.Create(0x8F1BBCDCu);
        for (int t = 40; t < 60; t += 5)
        {
            Round(a, ref b, ref e, Majority(b, c, d), k + Next(words, t));
            Round(e, ref a, ref d, Majority(a, b, c), k + Next(words, t + 1));
            Round(d, ref e, ref c, Majority(e, a, b), k + Next(words, t + 2));
            Round(c, ref d, ref b, Majority(d, e, a), k + Next(words, t + 3));
            Round(b, ref c, ref a, Majority(c, d, e), k + Next(words, t + 4));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Round(Vector256<uint> a, ref Vector256<uint> b, ref Vector256<uint> e, Vector256<uint> mixed, Vector256<uint> word)
    {
        e = e + word + mixed + RotateLeft(a, 5);
        b = RotateLeft(b, 30);
    }

    /// <summary>Word <paramref name="t"/> of the schedule; only the last sixteen are kept.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<uint> Next(Span<Vector256<uint>> words, int t)
        => words[t & 15] = RotateLeft(words[(t + 13) & 15] ^ words[(t + 8) & 15] ^ words[(t + 2) & 15] ^ words[t & 15], 1);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<uint> Choice(Vector256<uint> b, Vector256<uint> c, Vector256<uint> d) => ((c ^ d) & b) ^ d;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<uint> Majority(Vector256<uint> b, Vector256<uint> c, Vector256<uint> d) => (b & c) | ((b | c) & d);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<uint> RotateLeft(Vector256<uint> x, int bits) => (x << bits) | (x >>> (32 - bits));
}
