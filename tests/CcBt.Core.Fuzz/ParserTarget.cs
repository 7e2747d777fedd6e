using CcBt.Core.Fuzz.Generation;

namespace CcBt.Core.Fuzz;

/// <summary>A function from bytes to a value.</summary>
/// <param name="name">What it reads.</param>
/// <param name="form">Which mutations make sense.</param>
/// <param name="generate">Makes a valid input.</param>
/// <param name="parse">The library's call, and nothing else: it is measured.</param>
/// <param name="verify">What must hold for an accepted input, such as the round trip; not measured.</param>
internal sealed class ParserTarget<T>(string name, InputForm form, Func<Random, byte[]> generate, Parse<T> parse, Action<byte[], T, bool> verify)
    : FuzzTarget(name, form)
{
    public override byte[] Generate(Random random) => generate(random);

    public override void Run(byte[] input, bool isValid, Meter meter)
    {
        meter.Start();
        bool accepted = parse(input, out T value);
        meter.Stop(input.Length);
        if (accepted)
            verify(input, value, isValid);
        else
            FuzzFailure.When(isValid, "A valid input was refused.");
    }
}
