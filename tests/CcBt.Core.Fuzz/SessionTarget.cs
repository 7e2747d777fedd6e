using CcBt.Core.Fuzz.Generation;

namespace CcBt.Core.Fuzz;

/// <summary>
/// A state machine that lives through one session for each input: every byte of the input decides what happens next in it. Each call is measured
/// by itself; bytes beyond twice <paramref name="mostBytes"/> only make the session longer and are left out.
/// </summary>
internal sealed class SessionTarget(string name, int mostBytes, Action<Script, Meter> play) : FuzzTarget(name, InputForm.Binary)
{
    private const int LeastBytes = 16;

    public override byte[] Generate(Random random) => random.Bytes(random.Next(LeastBytes, mostBytes + 1));

    public override void Run(byte[] input, bool isValid, Meter meter) => play(new Script(input.AsSpan(0, Math.Min(input.Length, 2 * mostBytes)).ToArray()), meter);
}
