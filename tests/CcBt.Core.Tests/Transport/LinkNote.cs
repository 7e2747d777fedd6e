using CcBt.Core.Transport;
using CcBt.Core.Wire;

namespace CcBt.Core.Tests.Transport;

/// <summary>One call that a link made to its owner.</summary>
internal sealed record LinkNote(string Kind, IPeerLink Link, Handshake Theirs = default, PeerReport? Report = null, LinkCloseReason Reason = default);
