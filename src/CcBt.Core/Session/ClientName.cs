namespace CcBt.Core.Session;

/// <summary>How this library calls itself to peers (BEP 10) and trackers.</summary>
internal static class ClientName
{
    public static string Text { get; } = $"CcBt.Core {typeof(ClientName).Assembly.GetName().Version?.ToString(3)}";
}
