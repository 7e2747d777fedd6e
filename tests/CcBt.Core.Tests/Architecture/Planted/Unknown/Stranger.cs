namespace CcBt.Core.Tests.Architecture.Planted.Unknown;

/// <summary>A type in a folder that is no room: the architecture test must find it.</summary>
internal sealed class Stranger;
