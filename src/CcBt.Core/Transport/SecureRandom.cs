using System.Buffers.Binary;
using System.Security.Cryptography;

namespace CcBt.Core.Transport;

/// <summary>Randomness that nobody can guess, in the shape that the pure rooms take it. Any thread may use it.</summary>
internal sealed class SecureRandom : Random
{
    public SecureRandom()
        : base(0)
    {
        // The base's own generator is never asked: every member that draws is overridden.
    }

    public override void NextBytes(byte[] buffer) => RandomNumberGenerator.Fill(buffer);

    public override void NextBytes(Span<byte> buffer) => RandomNumberGenerator.Fill(buffer);

    public override int Next() => Next(int.MaxValue);

    public override int Next(int maxValue) => Next(0, maxValue);

    public override int Next(int minValue, int maxValue) => (int)NextInt64(minValue, maxValue);

    public override long NextInt64() => NextInt64(long.MaxValue);

    public override long NextInt64(long maxValue) => NextInt64(0, maxValue);

    public override long NextInt64(long minValue, long maxValue)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(minValue, maxValue);
        ulong range = (ulong)maxValue - (ulong)minValue;
        // 128 bits over a range of at most 64: what is left of the bias cannot be measured.
        return range == 0 ? minValue : (long)((ulong)minValue + (ulong)(new UInt128(Word(), Word()) % range));
    }

    public override double NextDouble() => (Word() >> 11) * (1.0 / (1UL << 53));

    public override float NextSingle() => (Word() >> 40) * (1.0f / (1 << 24));

    protected override double Sample() => NextDouble();

    private static ulong Word()
    {
        Span<byte> bytes = stackalloc byte[8];
        RandomNumberGenerator.Fill(bytes);
        return BinaryPrimitives.ReadUInt64LittleEndian(bytes);
    }
}
