namespace CcBt.Core.Transport;

/// <summary>What became of a peer's request.</summary>
internal enum UploadVerdict
{
    Queued = 0,

    /// <summary>Not served: rejected when both sides are fast, else ignored.</summary>
    Refused,

    /// <summary>Too many of the peer's requests could not be served; the link must end.</summary>
    Abused,
}
