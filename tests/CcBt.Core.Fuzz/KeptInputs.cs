namespace CcBt.Core.Fuzz;

/// <summary>The corpus: inputs worth trying in every run, in the folder Corpus, one folder for each target.</summary>
internal static class KeptInputs
{
    public static IEnumerable<byte[]> Of(string target) => Names()
        .Where(name => name.StartsWith($"corpus/{target}/", StringComparison.Ordinal))
        .Select(Read);

    public static IEnumerable<string> Targets() => Names().Select(name => name.Split('/')[1]).Distinct();

    // The order of resources is the file system's.
    private static IEnumerable<string> Names() => typeof(KeptInputs).Assembly.GetManifestResourceNames()
        .Where(name => name.StartsWith("corpus/", StringComparison.Ordinal))
        .Order(StringComparer.Ordinal);

    private static byte[] Read(string name)
    {
        using Stream stream = typeof(KeptInputs).Assembly.GetManifestResourceStream(name)!;
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}
