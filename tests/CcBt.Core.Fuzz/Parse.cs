namespace CcBt.Core.Fuzz;

/// <summary>Reads an input; false when it is refused in the documented way.</summary>
internal delegate bool Parse<T>(byte[] input, out T value);
