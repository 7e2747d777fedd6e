namespace CcBt.Core.Session;

/// <summary>The seam through which a test decides the order of the gate's atomic steps. In production there is none.</summary>
internal interface IGateSteps
{
    /// <summary>Called before each atomic step.</summary>
    /// <param name="point">The step that comes next.</param>
    /// <param name="seen">The state that a swap will expect, or null where the step expects none.</param>
    void At(GatePoint point, GateState? seen);

    /// <summary>Called in place of the thread pool.</summary>
    void Queue(IThreadPoolWorkItem work);
}
