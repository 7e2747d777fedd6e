namespace CcBt.Core.Wire;

/// <summary>Message ids of BEP 3, BEP 5 (port), BEP 6 (fast) and BEP 10 (extended).</summary>
internal enum PeerMessageKind : byte
{
    Choke = 0,
    Unchoke = 1,
    Interested = 2,
    NotInterested = 3,
    Have = 4,
    Bitfield = 5,
    Request = 6,
    Piece = 7,
    Cancel = 8,
    Port = 9,
    Suggest = 13,
    HaveAll = 14,
    HaveNone = 15,
    Reject = 16,
    AllowedFast = 17,
    Extended = 20,
    KeepAlive = 255,
}
