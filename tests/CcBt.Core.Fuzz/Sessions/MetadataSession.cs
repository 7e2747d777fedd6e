using System.Security.Cryptography;
using CcBt.Core.Fuzz.Generation;
using CcBt.Core.Wire;

namespace CcBt.Core.Fuzz.Sessions;

/// <summary>Metadata from honest links (even numbers) and from liars (odd ones), who lie about sizes and bytes.</summary>
internal sealed class MetadataSession
{
    private const int Links = 8;
    private readonly Script _script;
    private readonly Meter _meter;
    private readonly byte[] _truth;
    private readonly MetadataAssembly _assembly;
    private readonly List<(int Link, int Piece)> _asked = [];
    private readonly int[] _claims = new int[Links];
    private TimeSpan _now = TimeSpan.FromHours(1);

    private MetadataSession(Script script, Meter meter)
    {
        _script = script;
        _meter = meter;
        _truth = script.Random.Bytes(1 + script.Choice(3) * Limits.MetadataPieceBytes + script.Choice(256));
        _assembly = new MetadataAssembly(new InfoHash(SHA1.HashData(_truth)), script.Chance(20) ? new InfoHashV2(SHA256.HashData(_truth)) : null);
    }

    public static void Play(Script script, Meter meter)
    {
        var session = new MetadataSession(script, meter);
        while (!script.IsOver)
        {
            session.Act(script.Choice(Links), script.Choice(10));
            session.Verify();
        }
        session.Finish();
    }

    private static bool IsHonest(int link) => link % 2 == 0;

    private void Act(int link, int choice)
    {
        if (choice == 0)
            _now += TimeSpan.FromMilliseconds(_script.Choice(256) * 100);
        _meter.Start();
        _assembly.Advance(_now);
        _meter.Stop(0);
        switch (choice)
        {
            case 1 or 2:
                int size = IsHonest(link) || _script.Chance(60) ? _truth.Length : (int)_script.Random.Edge();
                if (_assembly.AddSource(link, size) && _claims[link] == 0)
                    _claims[link] = size;
                break;
            case 3 when _script.Chance(30):
                _assembly.RemoveSource(link);
                _claims[link] = 0;
                break;
            case 4 when _asked.Count > 0:
                (int refusing, int refused) = _asked[_script.Choice(_asked.Count)];
                _assembly.Rejected(refusing, refused, _now);
                break;
            case 5 or 6:
                while (_assembly.TryNextRequest(link, _now, out int piece))
                    _asked.Add((link, piece));
                break;
            case >= 7 when _asked.Count > 0:
                int index = _script.Choice(_asked.Count);
                Give(_asked[index].Link, _asked[index].Piece);
                _asked.RemoveAt(index);
                break;
        }
    }

    private void Give(int link, int piece)
    {
        int size = _claims[link];
        // The link may have left and come back with another claim since it was asked.
        if (size == 0 || piece >= MetadataMessage.PieceCount(size))
            return;
        bool lies = !IsHonest(link) && (size != _truth.Length || _script.Chance(60));
        int length = MetadataMessage.PieceLength(piece, size);
        byte[] bytes = lies ? _script.Random.Bytes(length) : _truth.AsSpan(piece * Limits.MetadataPieceBytes, length).ToArray();
        if (lies && _script.Chance(20))
            (piece, size) = ((int)_script.Random.Edge(), (int)_script.Random.Edge());
        _meter.Start();
        _assembly.Add(link, piece, size, bytes);
        _meter.Stop(bytes.Length);
    }

    private void Verify()
    {
        FuzzFailure.When(_assembly.HeldBytes > Limits.MetadataHeldBytes, $"{_assembly.HeldBytes} unverified bytes are held.");
        FuzzFailure.When(_assembly.IsComplete && !_assembly.Metadata.AsSpan().SequenceEqual(_truth), "False metadata was believed.");
        while (_assembly.TryTakeGuilty(out int guilty))
        {
            FuzzFailure.When(IsHonest(guilty), $"The honest link {guilty} was convicted.");
            _claims[guilty] = 0;
        }
    }

    /// <summary>Whatever happened, one more honest link is enough.</summary>
    private void Finish()
    {
        for (int link = 0; link < Links; link++)
            _assembly.RemoveSource(link);
        for (int round = 0; round < 20 && !_assembly.IsComplete; round++)
        {
            _now += TimeSpan.FromSeconds(60);
            _assembly.Advance(_now);
            _assembly.AddSource(Links, _truth.Length);
            while (_assembly.TryNextRequest(Links, _now, out int piece))
                _assembly.Add(Links, piece, _truth.Length, _truth.AsSpan(piece * Limits.MetadataPieceBytes, MetadataMessage.PieceLength(piece, _truth.Length)));
        }
        Verify();
        FuzzFailure.When(!_assembly.IsComplete, "An honest link gave all, and it is not complete.");
    }
}
