using CcBt.Core.Fuzz.Generation;

namespace CcBt.Core.Fuzz;

public sealed class TargetListTests
{
    [Fact]
    public void There_are_at_least_40_targets_and_each_has_a_name_of_its_own()
    {
        Assert.True(TargetList.All.Count >= 40, $"There are {TargetList.All.Count} targets.");
        Assert.Equal(TargetList.All.Count, TargetList.All.Select(target => target.Name).Distinct().Count());
    }

    [Fact]
    public void Every_kept_input_belongs_to_a_target()
        => Assert.All(KeptInputs.Targets(), name => Assert.NotNull(TargetList.Find(name)));

    [Fact]
    public void Every_target_has_kept_inputs()
        => Assert.Empty(TargetList.All.Select(target => target.Name).Except(KeptInputs.Targets()));

    [Fact]
    public void Every_target_makes_the_same_inputs_from_the_same_seed()
    {
        foreach (FuzzTarget target in TargetList.All)
            Assert.Equal(target.Generate(new Random(7)), target.Generate(new Random(7)));
    }

    [Fact]
    public void Mutation_reaches_but_never_passes_the_promised_size()
    {
        var random = new Random(3);
        byte[] input = "d4:info5:helloe"u8.ToArray();
        int longest = 0;
        for (int i = 0; i < 5000; i++)
            longest = Math.Max(longest, Mutator.Mutate(input, InputForm.Bencode, [input], random).Length);
        Assert.InRange(longest, Mutator.MostBytes - 200, Mutator.MostBytes);
    }
}
