namespace CcBt.Core.Tests.Architecture;

/// <summary>A folder of the library, its band, and the rooms that it may use besides the root values.</summary>
internal sealed record Room(string Name, Band Band, params string[] MayUse);
