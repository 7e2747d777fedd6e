using CcBt.Core.Session;
using static CcBt.Core.Session.StartOrder;

namespace CcBt.Core.Tests.Session;

/// <summary>The stages of one attempt: scenarios 3, 7, 10, 23 and 27 at every stage boundary.</summary>
public sealed class StartSequenceTests
{
    private static readonly TimeSpan s_at = TimeSpan.FromSeconds(100);
    private static readonly TimeSpan s_unwind = TimeSpan.FromSeconds(Limits.StartUnwindSeconds);

    public static TheoryData<int> Boundaries => [0, 1, 2, 3, 4];

    [Fact]
    public void A_magnet_with_unknown_files_passes_every_stage_in_order()
    {
        var sequence = new StartSequence(metadataKnown: false, "/downloads");
        Assert.Empty(Drain(sequence));
        Assert.True(sequence.Begin(s_at));
        Assert.Equal([FetchMetadata], Drain(sequence));
        Assert.True(sequence.MetadataKnown(s_at));
        Assert.Equal([OpenStorage], Drain(sequence));
        Assert.True(sequence.StorageOpened(needsCheck: true, s_at));
        Assert.Equal([CheckFiles], Drain(sequence));
        Assert.True(sequence.CheckFinished(s_at));
        Assert.Equal([ArmPicker], Drain(sequence));
        Assert.True(sequence.Armed(s_at));
        Assert.Equal([Finish], Drain(sequence));
        Assert.Equal(StartStage.Done, sequence.Stage);
        Assert.Null(sequence.NextDeadline);
    }

    [Fact]
    public void Known_metadata_and_trusted_files_skip_their_stages()
    {
        var sequence = new StartSequence(metadataKnown: true, "/downloads");
        sequence.Begin(s_at);
        sequence.StorageOpened(needsCheck: false, s_at);
        sequence.Armed(s_at);
        Assert.Equal([OpenStorage, ArmPicker, Finish], Drain(sequence));
    }

    [Theory]
    [MemberData(nameof(Boundaries))]
    public void Scenario03_A_second_begin_at_every_stage_orders_nothing(int boundary)
    {
        StartSequence sequence = At(boundary);
        if (boundary == 0) Assert.True(sequence.Begin(s_at));
        Drain(sequence);
        StartStage stage = sequence.Stage;
        Assert.False(sequence.Begin(s_at));
        Assert.Equal(stage, sequence.Stage);
        Assert.Empty(Drain(sequence));
    }

    [Theory]
    [MemberData(nameof(Boundaries))]
    public void Scenario07_A_failure_at_every_stage_is_taken_back_and_keeps_its_error(int boundary)
    {
        StartSequence sequence = At(boundary);
        var error = new IOException("no");
        Assert.True(sequence.Fail(error, s_at));
        Assert.False(sequence.Cancel(s_at));
        Assert.False(sequence.Fail(new IOException("later"), s_at));
        Assert.Equal(WayBack(boundary), Unwind(sequence));
        Assert.Equal(StartStage.Failed, sequence.Stage);
        Assert.Same(error, sequence.Error);
    }

    [Theory]
    [MemberData(nameof(Boundaries))]
    public void Scenario10_A_stop_at_every_stage_is_taken_back_and_never_becomes_done(int boundary)
    {
        StartSequence sequence = At(boundary);
        Assert.True(sequence.Cancel(s_at));
        Assert.False(sequence.MetadataKnown(s_at));
        Assert.False(sequence.StorageOpened(needsCheck: false, s_at));
        Assert.False(sequence.CheckFinished(s_at));
        Assert.False(sequence.Armed(s_at));
        Assert.False(sequence.Fail(new IOException("of the call that was given up"), s_at));
        Assert.Equal(WayBack(boundary), Unwind(sequence));
        Assert.Equal(StartStage.Cancelled, sequence.Stage);
        Assert.Null(sequence.Error);
        Assert.False(sequence.Begin(s_at));
        Assert.False(sequence.Cancel(s_at));
        Assert.Empty(Drain(sequence));
    }

    [Fact]
    public void Scenario10_Files_are_closed_only_after_the_check_has_stopped_and_finished_only_after_they_are_closed()
    {
        StartSequence sequence = At(3);
        sequence.Cancel(s_at);
        Assert.Equal([StopCheck], Drain(sequence));
        Assert.False(sequence.StorageClosed(s_at));
        Assert.True(sequence.CheckStopped(s_at));
        Assert.Equal([CloseStorage], Drain(sequence));
        Assert.False(sequence.IsOver);
        Assert.True(sequence.StorageClosed(s_at));
        Assert.Equal([Finish], Drain(sequence));
        Assert.False(sequence.StorageClosed(s_at));
    }

    [Fact]
    public void Scenario10_A_way_back_that_hangs_is_bounded_as_a_whole()
    {
        StartSequence sequence = At(3);
        sequence.Cancel(s_at);
        Assert.Equal(s_at + s_unwind, sequence.NextDeadline);
        sequence.CheckStopped(s_at + 0.8 * s_unwind);
        Assert.Equal(s_at + s_unwind, sequence.NextDeadline);
        sequence.Advance(s_at + s_unwind);
        Assert.Equal([StopCheck, CloseStorage, Finish], Drain(sequence));

        StartSequence deaf = At(3);
        deaf.Cancel(s_at);
        deaf.Advance(s_at + s_unwind);
        Assert.Equal([StopCheck, CloseStorage, Finish], Drain(deaf));
        Assert.Equal(StartStage.Cancelled, deaf.Stage);
    }

    [Theory]
    [MemberData(nameof(Boundaries))]
    public void Scenario23_Metadata_is_applied_once(int boundary)
    {
        StartSequence sequence = At(boundary);
        Assert.Equal(boundary == 1, sequence.MetadataKnown(s_at));
        Assert.False(sequence.MetadataKnown(s_at));
        Assert.Equal(boundary == 1 ? [OpenStorage] : [], Drain(sequence));
    }

    [Fact]
    public void Scenario23_Every_input_counts_once()
    {
        StartSequence sequence = At(2);
        Assert.True(sequence.StorageOpened(needsCheck: true, s_at));
        Assert.False(sequence.StorageOpened(needsCheck: false, s_at));
        Assert.True(sequence.CheckFinished(s_at));
        Assert.False(sequence.CheckFinished(s_at));
        Assert.True(sequence.Armed(s_at));
        Assert.False(sequence.Armed(s_at));
        Assert.Equal([CheckFiles, ArmPicker, Finish], Drain(sequence));
    }

    [Theory]
    [InlineData(2, "Opening the files")]
    [InlineData(4, "Preparing the download")]
    public void Scenario27_A_call_that_hangs_fails_after_its_bound_and_can_be_tried_again(int boundary, string what)
    {
        StartSequence sequence = At(boundary);
        TimeSpan deadline = s_at + TimeSpan.FromSeconds(30);
        Assert.Equal(deadline, sequence.NextDeadline);
        sequence.Advance(deadline - TimeSpan.FromTicks(1));
        Assert.Empty(Drain(sequence));

        sequence.Advance(deadline);
        Assert.Equal(WayBack(boundary), Unwind(sequence));
        var error = Assert.IsType<TorrentStorageException>(sequence.Error);
        Assert.Equal(TorrentErrorCode.TimedOut, error.Code);
        Assert.StartsWith(what, error.Message, StringComparison.Ordinal);
        Assert.True(error.IsTransient);
        Assert.Equal("/downloads", error.Place);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    public void Scenario27_Waiting_for_metadata_and_checking_are_not_hangs(int boundary)
    {
        StartSequence sequence = At(boundary);
        StartStage stage = sequence.Stage;
        Assert.Null(sequence.NextDeadline);
        sequence.Advance(s_at + TimeSpan.FromDays(30));
        Assert.Equal(stage, sequence.Stage);
    }

    [Fact]
    public void Scenario27_The_bound_counts_from_the_beginning_of_the_stage()
    {
        StartSequence sequence = At(1);
        sequence.MetadataKnown(s_at + TimeSpan.FromHours(9));
        sequence.Advance(s_at + TimeSpan.FromHours(9) + TimeSpan.FromSeconds(29));
        Assert.Equal(StartStage.OpeningStorage, sequence.Stage);
    }

    [Theory]
    [MemberData(nameof(Boundaries))]
    public void Only_a_call_that_is_bounded_gets_a_new_bound_when_the_session_is_resumed(int boundary)
    {
        StartSequence sequence = At(boundary);
        sequence.Resumed(s_at + TimeSpan.FromHours(1));
        Assert.Equal(boundary is 2 or 4 ? s_at + TimeSpan.FromHours(1) + TimeSpan.FromSeconds(30) : null, sequence.NextDeadline);

        StartSequence back = At(3);
        back.Cancel(s_at);
        back.Resumed(s_at + TimeSpan.FromHours(1));
        Assert.Equal(s_at + s_unwind, back.NextDeadline);
    }

    [Theory]
    [InlineData((int)StartStage.Done)]
    [InlineData((int)StartStage.Failed)]
    [InlineData((int)StartStage.Cancelled)]
    public void It_is_over_from_its_last_order_on_and_not_before(int last)
    {
        var end = (StartStage)last;
        StartSequence sequence = At(4);
        Assert.False(sequence.IsOver);
        if (end == StartStage.Done) sequence.Armed(s_at);
        else if (end == StartStage.Failed) sequence.Fail(new IOException("no"), s_at);
        else sequence.Cancel(s_at);
        Assert.Equal(end == StartStage.Done, sequence.IsOver);
        sequence.StorageClosed(s_at);
        Assert.Equal(end, sequence.Stage);
        Assert.True(sequence.IsOver);
        Assert.Null(sequence.NextDeadline);
        Drain(sequence);
        Assert.False(sequence.Fail(new IOException("late"), s_at));
        Assert.False(sequence.Cancel(s_at));
        Assert.Empty(Drain(sequence));
        Assert.Equal(end, sequence.Stage);
    }

    private static StartSequence At(int boundary)
    {
        var sequence = new StartSequence(metadataKnown: false, "/downloads");
        if (boundary > 0) sequence.Begin(s_at);
        if (boundary > 1) sequence.MetadataKnown(s_at);
        if (boundary > 2) sequence.StorageOpened(needsCheck: true, s_at);
        if (boundary > 3) sequence.CheckFinished(s_at);
        Drain(sequence);
        return sequence;
    }

    private static StartOrder[] WayBack(int boundary) => boundary switch
    {
        0 => [Finish],
        1 => [StopMetadata, Finish],
        2 => [CloseStorage, Finish],
        3 => [StopCheck, CloseStorage, Finish],
        _ => [DisarmPicker, CloseStorage, Finish],
    };

    private static List<StartOrder> Drain(StartSequence sequence)
    {
        var orders = new List<StartOrder>();
        while (sequence.TryTake(out StartOrder order)) orders.Add(order);
        return orders;
    }

    /// <summary>Answers the orders of the way back, as an owner does.</summary>
    private static List<StartOrder> Unwind(StartSequence sequence)
    {
        var orders = new List<StartOrder>();
        while (sequence.TryTake(out StartOrder order))
        {
            orders.Add(order);
            if (order == StopCheck) sequence.CheckStopped(s_at);
            if (order == CloseStorage) sequence.StorageClosed(s_at);
        }

        return orders;
    }
}
