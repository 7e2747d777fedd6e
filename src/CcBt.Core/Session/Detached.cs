namespace CcBt.Core.Session;

/// <summary>
/// Keeps the caller's execution context (AsyncLocals, activity, logging scopes) out of what lives longer than the call: until it is disposed,
/// on the same thread, nothing that is begun gets it. May be nested.
/// </summary>
internal readonly struct Detached : IDisposable
{
    private readonly AsyncFlowControl _flow;
    private readonly bool _isOutermost;

    private Detached(bool isOutermost)
    {
        _isOutermost = isOutermost;
        _flow = isOutermost ? ExecutionContext.SuppressFlow() : default;
    }

    public static Detached Begin() => new(!ExecutionContext.IsFlowSuppressed());

    public void Dispose()
    {
        if (_isOutermost)
            _flow.Undo();
    }
}
