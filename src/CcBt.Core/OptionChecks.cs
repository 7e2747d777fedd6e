namespace CcBt.Core;

/// <summary>Option checks whose exceptions name the property.</summary>
internal static class OptionChecks
{
    public static void NotNull(object? value, string property)
    {
        if (value is null)
            throw new ArgumentException($"{property} must not be null.", property);
    }

    public static void NotNegative(long value, string property)
    {
        if (value < 0)
            throw new ArgumentException($"{property} must not be negative; {value} was given.", property);
    }

    public static void InRange(int value, int least, int most, string property)
    {
        if (value < least || value > most)
            throw new ArgumentException($"{property} must be from {least} to {most}; {value} was given.", property);
    }

    public static void Positive(TimeSpan value, string property)
    {
        if (value <= TimeSpan.Zero)
            throw new ArgumentException($"{property} must be longer than zero; {value} was given.", property);
    }

    public static void Defined<T>(T value, string property)
        where T : struct, Enum
    {
        if (!Enum.IsDefined(value))
            throw new ArgumentException($"{property} has no value {value}.", property);
    }
}
