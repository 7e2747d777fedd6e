using System.Buffers.Binary;
using System.Net;

namespace CcBt.Core.Tests.Architecture.Planted.Wire;

/// <summary>A pure type that uses only what a pure room may.</summary>
internal sealed class Codec
{
    public IPEndPoint? Last { get; set; }

    public int Length(ReadOnlySpan<byte> bytes) => bytes.Length < 4 ? 0 : BinaryPrimitives.ReadInt32BigEndian(bytes) + (Last?.Port ?? 0);
}
