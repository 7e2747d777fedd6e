namespace CcBt.Core.Fuzz.Probing;

internal static class Probe
{
    public static int Run(TextReader input, TextWriter output) => 0;
}
