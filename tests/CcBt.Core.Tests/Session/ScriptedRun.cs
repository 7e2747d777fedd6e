namespace CcBt.Core.Tests.Session;

/// <summary>One run of a start body that ends when the test says so; whoever ends it runs the gate's continuation.</summary>
internal sealed class ScriptedRun(CancellationToken token)
{
    private readonly TaskCompletionSource _end = new();

    public CancellationToken Token => token;

    public Task Task => _end.Task;

    public void Succeed() => InlineSteps.Run(_end.SetResult);

    public void Fail(Exception error) => InlineSteps.Run(() => _end.SetException(error));

    public void Cancel() => InlineSteps.Run(() => _end.SetCanceled(token));
}
