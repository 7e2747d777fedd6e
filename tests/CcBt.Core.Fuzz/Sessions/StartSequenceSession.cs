using CcBt.Core.Session;

namespace CcBt.Core.Fuzz.Sessions;

/// <summary>A start whose answers come in any order, too late, twice or never.</summary>
internal static class StartSequenceSession
{
    public static void Play(Script script, Meter meter)
    {
        var sequence = new StartSequence(script.Chance(50), "fuzz");
        TimeSpan now = TimeSpan.FromHours(1);
        var orders = new List<StartOrder>();
        while (!script.IsOver)
        {
            StartStage before = sequence.Stage;
            bool wasOver = sequence.IsOver;
            int choice = script.Choice(12);
            meter.Start();
            bool moved = Act(sequence, choice, now);
            meter.Stop(1);
            now += TimeSpan.FromSeconds(script.Choice(40));
            meter.Start();
            sequence.Advance(now);
            meter.Stop(0);
            FuzzFailure.When(wasOver && (moved || sequence.Stage != before), $"It moved from {before} to {sequence.Stage} after its end.");
            FuzzFailure.When(sequence.NextDeadline <= now, "A deadline has passed and nothing happened.");
            FuzzFailure.When(sequence.IsOver && sequence.NextDeadline is not null, "It is over and waits.");
            while (sequence.TryTake(out StartOrder order))
                orders.Add(order);
            Verify(sequence, orders);
        }
        // Everything that may hang has a bound, so taking back always ends.
        sequence.Cancel(now);
        sequence.Advance(now + TimeSpan.FromSeconds(Limits.StartUnwindSeconds));
        FuzzFailure.When(!sequence.IsOver, $"It hangs in {sequence.Stage}.");
    }

    private static bool Act(StartSequence sequence, int choice, TimeSpan now) => choice switch
    {
        0 or 1 or 2 => sequence.Begin(now),
        3 => sequence.MetadataKnown(now),
        4 => sequence.StorageOpened(true, now),
        5 => sequence.StorageOpened(false, now),
        6 => sequence.CheckFinished(now),
        7 => sequence.Armed(now),
        8 => sequence.CheckStopped(now),
        9 => sequence.StorageClosed(now),
        10 => sequence.Fail(new InvalidOperationException("fuzz"), now),
        _ => sequence.Cancel(now),
    };

    private static void Verify(StartSequence sequence, List<StartOrder> orders)
    {
        int finishes = orders.Count(order => order == StartOrder.Finish);
        FuzzFailure.When(finishes != (sequence.IsOver ? 1 : 0), $"{finishes} orders say that it is over in {sequence.Stage}.");
        FuzzFailure.When(finishes == 1 && orders[^1] != StartOrder.Finish, "An order follows the last one.");
        FuzzFailure.When(orders.Distinct().Count() != orders.Count, $"An order was given twice: {string.Join(", ", orders)}.");
        FuzzFailure.When(sequence.Stage == StartStage.Failed != sequence.Error is not null && sequence.IsOver, "A failure has no error, or an error is no failure.");
        bool wasOpened = orders.Contains(StartOrder.OpenStorage);
        bool isBack = sequence.Stage is StartStage.Failed or StartStage.Cancelled;
        FuzzFailure.When(isBack && wasOpened && !orders.Contains(StartOrder.CloseStorage), "The files stay open.");
    }
}
