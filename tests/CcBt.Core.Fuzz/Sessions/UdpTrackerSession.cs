using System.Buffers.Binary;
using CcBt.Core.Fuzz.Generation;
using CcBt.Core.Trackers;

namespace CcBt.Core.Fuzz.Sessions;

/// <summary>A UDP tracker that answers well, with mutated bytes, with errors, or never.</summary>
internal sealed class UdpTrackerSession
{
    private readonly Script _script;
    private readonly Meter _meter;
    private readonly UdpTrackerConversation _conversation;
    private readonly List<byte[]> _sent = [];
    private readonly HashSet<int> _waiting = [];
    private TimeSpan _now = TimeSpan.FromHours(1);
    private int _lastRequest;

    private UdpTrackerSession(Script script, Meter meter)
    {
        _script = script;
        _meter = meter;
        _conversation = new UdpTrackerConversation(script.Chance(70) ? script.Random.Global() : script.Random.V6(), script.Random);
    }

    public static void Play(Script script, Meter meter)
    {
        var session = new UdpTrackerSession(script, meter);
        while (!script.IsOver)
        {
            session.Act(script.Choice(10));
            session.Drain();
            session.Wait(TimeSpan.FromMilliseconds(script.Choice(256) * 100));
        }
        session.Wait(TimeSpan.FromSeconds(Limits.UdpAnnounceSeconds));
        FuzzFailure.When(session._waiting.Count > 0, $"{session._waiting.Count} requests have no outcome.");
        FuzzFailure.When(!session._conversation.IsIdle, "Nothing is asked, and it is not idle.");
    }

    private void Wait(TimeSpan time)
    {
        _now += time;
        _meter.Start();
        _conversation.Advance(_now);
        _meter.Stop(0);
        Drain();
        FuzzFailure.When(_conversation.NextDeadline <= _now, "A deadline has passed and nothing happened.");
    }

    private void Act(int choice)
    {
        TimeSpan until = _now + TimeSpan.FromSeconds(1 + _script.Choice(Limits.UdpAnnounceSeconds - 1));
        switch (choice)
        {
            case 0 or 1 when _waiting.Count < 20:
                var request = new AnnounceRequest { InfoHash = _script.Random.Hash(), PeerId = new byte[20], Port = 6881, LeftBytes = _script.Random.Edge(), IPv4 = _script.Random.V4() };
                _waiting.Add(++_lastRequest);
                _conversation.Announce(_lastRequest, request, new string('x', _script.Choice(256) * 3), until, _now);
                break;
            case 2 when _waiting.Count < 20:
                _waiting.Add(++_lastRequest);
                _conversation.Scrape(_lastRequest, new InfoHash[_script.Choice(100)], until, _now);
                break;
            case 3 when _waiting.Count > 0:
                int cancelled = _waiting.First();
                _waiting.Remove(cancelled);
                _conversation.Cancel(cancelled);
                break;
            case 4:
                Handle(_script.Random.Bytes(_script.Choice(60)));
                break;
            case >= 5 when _sent.Count > 0:
                Handle(Answer(_sent[_script.Choice(_sent.Count)]));
                break;
        }
    }

    private byte[] Answer(byte[] asked)
    {
        int action = BinaryPrimitives.ReadInt32BigEndian(asked.AsSpan(8));
        if (_script.Chance(15))
            action = _script.Choice(5);
        byte[] answer = _script.Random.Bytes(8 + action switch { 0 => 8, 1 => 12 + 6 * _script.Choice(20), 2 => 12 * _script.Choice(80), _ => _script.Choice(100) });
        BinaryPrimitives.WriteInt32BigEndian(answer, action);
        asked.AsSpan(12, 4).CopyTo(answer.AsSpan(4));
        return _script.Chance(20) ? Mutator.Mutate(answer, InputForm.Binary, [], _script.Random) : answer;
    }

    private void Handle(byte[] datagram)
    {
        _meter.Start();
        _conversation.Handle(datagram, _now);
        _meter.Stop(datagram.Length);
    }

    private void Drain()
    {
        while (_conversation.TryTakeDatagram(out ReadOnlyMemory<byte> datagram))
        {
            FuzzFailure.When(datagram.Length is < 16 or > 2000, $"A datagram has {datagram.Length} bytes.");
            _sent.Add(datagram.ToArray());
        }
        if (_sent.Count > 64)
            _sent.RemoveRange(0, 32);
        while (_conversation.TryTakeOutcome(out UdpTrackerOutcome outcome))
        {
            FuzzFailure.When(!_waiting.Remove(outcome.RequestId), $"Request {outcome.RequestId} has a second outcome, or was cancelled.");
            FuzzFailure.When((outcome.Announce is not null) && (outcome.Scrape is not null), "An outcome is both.");
        }
    }
}
