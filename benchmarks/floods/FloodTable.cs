using System.Text;

namespace CcBt.Core.Floods;

/// <summary>The rows as a table that reads well as it is and as Markdown.</summary>
internal sealed class FloodTable(FloodOptions options)
{
    private static readonly string[] Heads =
    [
        "flood", "good peer MiB/s before → during", "share", "memory over idle MiB", "KiB a socket, resident (live)", "accept p50 / p99 ms", "held / closed", "CPU cores", "what the bound did", "goals",
    ];

    public List<FloodRow> Rows { get; } = [];

    public override string ToString()
    {
        string[][] cells = [Heads, .. Rows.Select(Cells)];
        int[] widths = [.. Enumerable.Range(0, Heads.Length).Select(i => cells.Max(row => row[i].Length))];
        var text = new StringBuilder();
        text.AppendLine($"{Environment.ProcessorCount} cores shared by library, good peer and attackers; scale {options.Scale}; the good peer asks for {options.GoodRate} MiB/s (8 where it seeds).");
        text.AppendLine("accept: from the connect to the library's answer, of the attackers (connections) or of honest newcomers, ten a second; dht: from an honest query to its answer.");
        text.AppendLine("198.18.x.y sources count as global, 10.77.x.y as private; limits for one address and one network hold for global sources only.");
        text.AppendLine("memory: resident, with DOTNET_GCgen0size of 4 MiB in the flooded process, so that it is what is held and not what waits for a first collection; live: managed, after a collection.");
        text.AppendLine();
        AppendRow(text, cells[0], widths);
        AppendRow(text, [.. widths.Select(w => new string('-', w))], widths);
        foreach (string[] row in cells[1..])
            AppendRow(text, row, widths);
        return text.ToString();
    }

    private static void AppendRow(StringBuilder text, string[] cells, int[] widths)
        => text.AppendLine($"| {string.Join(" | ", cells.Select((cell, i) => cell.PadRight(widths[i])))} |");

    private static string[] Cells(FloodRow row) =>
    [
        row.Flood,
        $"{row.GoodBefore:0.0} → {row.GoodDuring:0.0}",
        $"{row.GoodShare:0.00}",
        $"{row.MemoryOverIdle:0.0}",
        row.MemoryPerSocket is { } each ? $"{each:0.0}{(row.LivePerSocket is { } live ? $" ({live:0.0})" : "")}" : "–",
        row.AcceptMedian is { } median ? $"{median:0.0} / {row.Accept99:0.0}" : "–",
        row.Held is { } held ? $"{held:N0} / {row.Closed:N0}" : "–",
        $"{row.Cores:0.00}",
        row.Bound,
        string.Join("; ", row.Goals),
    ];
}
