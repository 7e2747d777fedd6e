namespace CcBt.Core.Session;

/// <summary>The timer rang: deadlines that have come are served.</summary>
internal sealed class TickMessage : ClientMessage
{
    public static TickMessage Instance { get; } = new();

    public override void Apply(ClientCore core, TimeSpan now)
    {
    }
}
