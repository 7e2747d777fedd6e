namespace CcBt.Core.Storage;

/// <summary>Something to be done to a state file when its turn has come.</summary>
/// <param name="File">The file.</param>
/// <param name="Run">Does it; true when the file's directory has to be flushed before it counts as done.</param>
/// <param name="MayShare">It may be done together with work on other files.</param>
internal sealed record StateWork(StateFile File, Func<bool> Run, bool MayShare)
{
    public TaskCompletionSource Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
}
