using CcBt.Core.Fuzz.Generation;

namespace CcBt.Core.Fuzz;

/// <summary>Planted faults: what the oracle does not see here, it would not see in the library.</summary>
public sealed class FuzzRunTests
{
    [Fact]
    public void An_exception_is_a_failure_that_names_seed_and_input()
    {
        FuzzReport report = Run((byte[] input, out int value) => (value = 1 / (input.Length - input.Length)) > 0);

        Assert.Equal(20, report.Failures);
        Assert.Contains("seed 5, input ", report.Messages[0], StringComparison.Ordinal);
        Assert.Contains(nameof(DivideByZeroException), report.Messages[0], StringComparison.Ordinal);
    }

    [Fact]
    public void A_refused_valid_input_is_a_failure()
        => Assert.InRange(Run((byte[] _, out int value) => (value = 0) > 0).Failures, 1, 19);

    [Fact]
    public void Too_much_allocation_is_a_failure()
        => Assert.Equal(20, Run((byte[] input, out int value) => (value = new byte[Meter.AllowedBase + (Meter.AllowedPerByte + 1) * input.Length].Length) > 0).Failures);

    [Fact]
    public void Too_much_time_is_a_failure_only_when_it_repeats()
    {
        int calls = 0;
        bool Slow(byte[] input, out int value)
        {
            value = 1;
            if (input.Length == 3 || calls++ == 0)
                Spin(TimeSpan.FromMilliseconds(60));
            return true;
        }

        var report = new FuzzReport("planted", 5);
        FuzzTarget target = Target(Slow);
        FuzzRun.Try(target, new byte[2], false, new Meter(), report);
        Assert.Equal(0, report.Failures);
        FuzzRun.Try(target, new byte[3], false, new Meter(), report);
        Assert.Equal(1, report.Failures);
    }

    [Fact]
    public void A_broken_property_is_a_failure()
    {
        FuzzTarget target = new ParserTarget<int>("planted", InputForm.Binary, random => random.Bytes(4), Accept, (_, _, _) => FuzzFailure.When(true, "broken"));
        Assert.Equal(20, FuzzRun.Run(target, 20, 5).Failures);
    }

    [Fact]
    public void Time_in_which_the_thread_does_not_run_is_not_counted()
    {
        var meter = new Meter();
        meter.Start();
        Thread.Sleep(60);
        meter.Stop(0);
        Assert.Equal(ThreadClock.CountsWaiting, meter.Milliseconds >= 60);
    }

    private static void Spin(TimeSpan time)
    {
        TimeSpan end = ThreadClock.Now + time;
        while (ThreadClock.Now < end)
            Thread.SpinWait(100);
    }

    private static bool Accept(byte[] input, out int value)
    {
        value = input.Length;
        return true;
    }

    private static FuzzReport Run(Parse<int> parse) => FuzzRun.Run(Target(parse), 20, 5);

    private static ParserTarget<int> Target(Parse<int> parse) => new("planted", InputForm.Binary, random => random.Bytes(8), parse, (_, _, _) => { });
}
