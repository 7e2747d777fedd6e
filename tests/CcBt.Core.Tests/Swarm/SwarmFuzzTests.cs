namespace CcBt.Core.Tests.Swarm;

public sealed class SwarmFuzzTests
{
    [Fact]
    public void No_sequence_of_calls_breaks_what_must_always_hold()
    {
        for (int seed = 0; seed < 150; seed++)
        {
            try
            {
                new SwarmFuzz(seed).Run(600);
            }
            catch (Exception failure)
            {
                throw new InvalidOperationException($"seed {seed}: {failure.Message}", failure);
            }
        }
    }
}
