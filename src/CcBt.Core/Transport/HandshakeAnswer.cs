using CcBt.Core.Wire;

namespace CcBt.Core.Transport;

/// <summary>What a peer answered to a connection: its handshake, or why there is none.</summary>
internal readonly record struct HandshakeAnswer(Handshake? Theirs, LinkCloseReason Failure = LinkCloseReason.HandshakeRefused);
