using System.Security.Cryptography;
using CcBt.Core.Addressing;

namespace CcBt.Core.Dht;

/// <summary>
/// Write tokens (BEP 5): the first 8 bytes of SHA-1 over a secret, the asker's address and the info hash. The secret
/// changes every 5 minutes and the former one still counts, so a token lives 5 to 10 minutes.
/// </summary>
internal sealed class TokenIssuer(Random random)
{
    public const int TokenLength = Limits.DhtWriteTokenBytes;
    private const int SecretLength = 20;
    private static readonly TimeSpan s_rotation = TimeSpan.FromSeconds(Limits.DhtTokenSecretSeconds);

    private readonly byte[] _secret = NewSecret(random);
    private readonly byte[] _former = NewSecret(random);
    private TimeSpan _rotatedAt = TimeSpan.MinValue;

    public void Write(PeerAddress to, NodeId infoHash, TimeSpan now, Span<byte> token)
    {
        Rotate(now);
        Compute(_secret, to, infoHash, token);
    }

    public bool IsValid(ReadOnlySpan<byte> token, PeerAddress from, NodeId infoHash, TimeSpan now)
    {
        Rotate(now);
        Span<byte> expected = stackalloc byte[TokenLength];
        Compute(_secret, from, infoHash, expected);
        if (CryptographicOperations.FixedTimeEquals(token, expected))
            return true;
        Compute(_former, from, infoHash, expected);
        return CryptographicOperations.FixedTimeEquals(token, expected);
    }

    private void Rotate(TimeSpan now)
    {
        if (_rotatedAt == TimeSpan.MinValue)
            _rotatedAt = now;
        // After a long pause both secrets are too old.
        for (int i = 0; i < 2 && now - _rotatedAt >= s_rotation; i++)
        {
            _secret.CopyTo(_former, 0);
            random.NextBytes(_secret);
            _rotatedAt += s_rotation;
        }
        if (now - _rotatedAt >= s_rotation)
            _rotatedAt = now;
    }

    private static void Compute(byte[] secret, PeerAddress address, NodeId infoHash, Span<byte> token)
    {
        Span<byte> input = stackalloc byte[SecretLength + NodeId.Length + 16];
        secret.CopyTo(input);
        infoHash.CopyTo(input[SecretLength..]);
        int length = address.WriteAddress(input[(SecretLength + NodeId.Length)..]);
        Span<byte> hash = stackalloc byte[SHA1.HashSizeInBytes];
        SHA1.HashData(input[..(SecretLength + NodeId.Length + length)], hash);
        hash[..TokenLength].CopyTo(token);
    }

    private static byte[] NewSecret(Random random)
    {
        var secret = new byte[SecretLength];
        random.NextBytes(secret);
        return secret;
    }
}
