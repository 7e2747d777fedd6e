using CcBt.Core.Fuzz.Generation;

namespace CcBt.Core.Fuzz;

/// <summary>One entrance of the library for what others made, with inputs for it and with what must hold for all of them.</summary>
internal abstract class FuzzTarget(string name, InputForm form)
{
    public string Name { get; } = name;

    /// <summary>Which mutations make sense.</summary>
    public InputForm Form { get; } = form;

    /// <summary>A valid input.</summary>
    public abstract byte[] Generate(Random random);

    /// <summary>Hands an input to the library. Throws when anything but the documented outcome shows; a valid one must be accepted.</summary>
    public abstract void Run(byte[] input, bool isValid, Meter meter);
}
