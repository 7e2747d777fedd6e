using System.Diagnostics;

namespace CcBt.Core.Simulation;

/// <summary>Makes an exception of a broken assertion.</summary>
internal sealed class ThrowingListener : TraceListener
{
    public override void Write(string? message)
    {
    }

    public override void WriteLine(string? message)
    {
    }

    public override void Fail(string? message, string? detailMessage) => throw new InvalidOperationException($"{message} {detailMessage}");
}
