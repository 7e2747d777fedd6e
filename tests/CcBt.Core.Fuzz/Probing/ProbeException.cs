namespace CcBt.Core.Fuzz.Probing;

/// <summary>A question that cannot be answered, or whose bytes the library refuses.</summary>
internal sealed class ProbeException(string message) : Exception(message);
