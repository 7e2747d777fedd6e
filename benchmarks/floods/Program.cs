using System.Globalization;
using CcBt.Core.Floods.Attacks;
using CcBt.Core.Floods.Library;

namespace CcBt.Core.Floods;

/// <summary>Runs the floods one after the other, each against a fresh process of the library, and prints the table.</summary>
internal static class Program
{
    public static async Task<int> Main(string[] arguments)
    {
        CultureInfo.DefaultThreadCurrentCulture = CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        if (arguments is ["library", string setup])
            return await LibraryProgram.RunAsync(LibrarySetup.Read(setup));
        FloodOptions options;
        try
        {
            options = FloodOptions.Read(arguments);
        }
        catch (ArgumentException wrong)
        {
            Console.Error.WriteLine(wrong.Message);
            return 2;
        }
        if (!options.ShowHelp)
            return await RunAsync(options);
        Console.WriteLine(FloodOptions.Usage);
        return 0;
    }

    private static async Task<int> RunAsync(FloodOptions options)
    {
        ThreadPool.SetMinThreads(16, 16);
        var table = new FloodTable(options);
        foreach (IFlood flood in FloodList.All.Where(f => options.Only.Count == 0 || options.Only.Contains(f.Name)))
        {
            Console.Error.WriteLine($"{flood.Name} ...");
            await using var field = new FloodField(options);
            FloodRow row = await flood.RunAsync(field);
            Console.Error.WriteLine($"  {row.Bound}\n  {string.Join("; ", row.Goals)}");
            table.Rows.Add(row);
        }
        Console.WriteLine(table);
        return table.Rows.All(r => r.IsGood) ? 0 : 1;
    }
}
