namespace CcBt.Core.Simulation.Peers;

/// <summary>How a scripted peer behaves.</summary>
internal enum RawMood
{
    /// <summary>Has everything, unchokes, and never sends a block.</summary>
    Silent = 0,

    /// <summary>Says that it has everything, and rejects every request.</summary>
    Stale,

    /// <summary>Names pieces at random, chokes and unchokes, rejects what was not asked, suggests, sends blocks that nobody wanted.</summary>
    Liar,

    /// <summary>Asks for far more than it may.</summary>
    Flooder,

    /// <summary>Sends a byte of its handshake every 9 seconds.</summary>
    SlowHandshake,

    /// <summary>Sends a byte of its first message every 9 seconds.</summary>
    SlowMessage,

    /// <summary>Answers a request with the head of its block and then a byte every 9 seconds.</summary>
    SlowBody,

    /// <summary>Says one by one that it has got all pieces, and never sends a block.</summary>
    LyingHave,

    /// <summary>Rejects every request, and with it others that were never made.</summary>
    LyingReject,

    /// <summary>Suggests pieces and allows them without end, and never sends a block.</summary>
    LyingSuggest,

    /// <summary>Has nothing, wants nothing, and stays.</summary>
    Idle,

    /// <summary>Has nothing, says that it is interested, and never asks.</summary>
    IdleInterested,

    /// <summary>Has everything, and chokes for ever.</summary>
    Choking,

    /// <summary>Sends noise behind its handshake.</summary>
    Noise,
}
