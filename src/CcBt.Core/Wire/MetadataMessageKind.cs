namespace CcBt.Core.Wire;

/// <summary>The msg_type of a metadata message (BEP 9).</summary>
internal enum MetadataMessageKind
{
    Request = 0,
    Data = 1,
    Reject = 2,

    /// <summary>A type of a later extension; it must be ignored.</summary>
    Unknown = 3,
}
