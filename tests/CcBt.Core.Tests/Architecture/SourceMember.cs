namespace CcBt.Core.Tests.Architecture;

/// <summary>A method, property or constructor with a body in braces, as the outline of a source sees it.</summary>
internal sealed record SourceMember(string Name, int FirstLine, int Lines);
