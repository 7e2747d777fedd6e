using System.Text;
using CcBt.Core.Metainfo;
using CcBt.Core.Storage;
using CcBt.Core.Tests.BEncoding;
using FsCheck;
using FsCheck.Fluent;

namespace CcBt.Core.Tests.Metainfo;

public sealed class PathSanitizerTests
{
    [Theory]
    [InlineData("file.txt", "file.txt")]
    [InlineData(" leading", " leading")]
    [InlineData("日本語.mkv", "日本語.mkv")]
    [InlineData("", "_")]
    [InlineData(".", "_")]
    [InlineData("..", "_")]
    [InlineData("...", "_")]
    [InlineData(".. .", "_")]
    [InlineData("a/b", "a_b")]
    [InlineData("..\\..\\x", ".._.._x")]
    [InlineData("/etc/passwd", "_etc_passwd")]
    [InlineData("C:\\x", "C__x")]
    [InlineData("a\0b", "a_b")]
    [InlineData("a\u0001b\u007Fc\u0085d", "a_b_c_d")]
    [InlineData("a?b<c>d\"e|f*g:h", "a_b_c_d_e_f_g_h")]
    [InlineData("~\u001F!\u009F\u00A0", "~_!_\u00A0")]
    [InlineData("\u200A\u200F\u2010\u2029\u202A\u202F", "\u200A\u2010\u2029\u202F")]
    [InlineData("\u205F\u2060\u2064\u2065\u2069\u206A", "\u205F\u2065\u206A")]
    [InlineData("dots...", "dots")]
    [InlineData("spaces   ", "spaces")]
    [InlineData("mixed. . .", "mixed")]
    [InlineData("evil\u202Egpj.exe", "evilgpj.exe")]
    [InlineData("zero\u200B\u200Cwidth\uFEFF\u2060\u061C\u2066", "zerowidth")]
    [InlineData("\u200B", "_")]
    [InlineData(".\u200B.", "_")]
    [InlineData("CON", "_CON")]
    [InlineData("con.txt", "_con.txt")]
    [InlineData("Aux .tar.gz", "_Aux .tar.gz")]
    [InlineData("nul. ", "_nul")]
    [InlineData("COM1", "_COM1")]
    [InlineData("com0.x", "_com0.x")]
    [InlineData("LPT\u00B2", "_LPT\u00B2")]
    [InlineData("CLOCK$", "_CLOCK$")]
    [InlineData("C\u200BON", "_CON")]
    [InlineData("COM10", "COM10")]
    [InlineData("console", "console")]
    [InlineData("COMA", "COMA")]
    [InlineData("LPTX", "LPTX")]
    [InlineData("ABC1", "ABC1")]
    [InlineData("COM1x", "COM1x")]
    [InlineData(".hidden", ".hidden")]
    public void MakesNamesSafe(string name, string expected)
        => Assert.Equal(expected, PathSanitizer.Element(Encoding.UTF8.GetBytes(name)));

    [Theory]
    [InlineData("a.txt", 1)]
    [InlineData(".hidden", 7)]
    [InlineData("none", 4)]
    [InlineData("a.tar.gz", 5)]
    [InlineData("a.0123456789012345678901234567890", 1)]
    [InlineData("a.01234567890123456789012345678901", 34)]
    public void AnExtensionIsShortAndHasANameBeforeIt(string name, int start) => Assert.Equal(start, PathSanitizer.ExtensionStart(name));

    [Theory]
    [InlineData(new byte[] { 0xC0, 0xAE, 0xC0, 0xAE })]
    [InlineData(new byte[] { 0xC0, 0xAF })]
    [InlineData(new byte[] { 0xE0, 0x80, 0xAF })]
    [InlineData(new byte[] { 0xFF, 0xFE })]
    [InlineData(new byte[] { 0xED, 0xA0, 0x80 })]
    [InlineData(new byte[] { 0xF4, 0x90, 0x80, 0x80 })]
    public void BytesThatAreNotUtf8AreReplaced(byte[] name)
        => Assert.Matches("^\uFFFD+$", PathSanitizer.Element(name));

    [Fact]
    public void EveryCharacterThatHidesOrTurnsTextIsDropped()
    {
        (int First, int Last)[] ranges = [(0x061C, 0x061C), (0x200B, 0x200F), (0x202A, 0x202E), (0x2060, 0x2064), (0x2066, 0x2069), (0xFEFF, 0xFEFF)];
        foreach ((int first, int last) in ranges)
        {
            for (int c = first; c <= last; c++)
                Assert.Equal("ab", PathSanitizer.Element($"a{(char)c}b".AsSpan()));
        }
    }

    [Fact]
    public void EveryCharacterThatSomeSystemForbidsIsReplaced()
    {
        IEnumerable<char> controls = Enumerable.Range(0, 0x20).Concat(Enumerable.Range(0x7F, 0x21)).Select(c => (char)c);
        foreach (char c in controls.Concat("/\\?<>\"|*:"))
            Assert.Equal("a_b", PathSanitizer.Element($"a{c}b".AsSpan()));
    }

    [Fact]
    public void EveryDeviceNameIsEscapedInAnyCaseAndWithAnExtension()
    {
        string[] devices = ["con", "prn", "aux", "nul", "clock$", .. Enumerable.Range(0, 10).SelectMany(n => new[] { $"com{n}", $"lpt{n}" })];
        foreach (string device in devices)
        {
            Assert.Equal("_" + device, PathSanitizer.Element(device.AsSpan()));
            Assert.Equal($"_{device.ToUpperInvariant()}.tar.gz", PathSanitizer.Element($"{device.ToUpperInvariant()}.tar.gz".AsSpan()));
        }
    }

    [Fact]
    public void AHugeNameAllocatesInProportion()
    {
        var name = new byte[64 * 1024];
        Array.Fill(name, (byte)0xBF);
        PathSanitizer.Element(name);
        long before = GC.GetAllocatedBytesForCurrentThread();
        PathSanitizer.Element(name);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 1, 32 * name.Length);
    }

    [Fact]
    public void LoneSurrogatesAreReplaced() => Assert.Equal("a\uFFFDb", PathSanitizer.Element("a\uD800b".AsSpan()));

    [Fact]
    public void TheNeighboursOfForbiddenCharactersStay() => Assert.Equal("a b~c\u00A0d!e", PathSanitizer.Element("a b~c\u00A0d!e".AsSpan()));

    [Theory]
    [InlineData(255, ".mkv")]
    [InlineData(256, ".mkv")]
    [InlineData(1000, ".mkv")]
    [InlineData(1000, "")]
    [InlineData(300, ".this-is-far-too-long-to-be-called-an-extension")]
    public void LongNamesKeepTheirExtension(int length, string extension)
    {
        foreach (string letter in new[] { "x", "é", "日", "😀" })
        {
            string result = PathSanitizer.Element(string.Concat(Enumerable.Repeat(letter, length)) + extension);
            int bytes = Encoding.UTF8.GetByteCount(result);
            // A letter is left out only where it does not fit.
            Assert.InRange(bytes, 255 - Encoding.UTF8.GetByteCount(letter) + 1, 255);
            Assert.InRange(result.Length, 1, 255);
            Assert.DoesNotContain('\uFFFD', result);
            if (extension == ".mkv")
                Assert.EndsWith(".mkv", result, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void AReservedNameThatAppearsByShorteningIsCaught()
    {
        Assert.Equal("_CON", PathSanitizer.Element("CON" + new string(' ', 300) + "x"));
        Assert.StartsWith("_NUL", PathSanitizer.Element("NUL." + new string('x', 300)), StringComparison.Ordinal);
        Assert.Equal(255, PathSanitizer.Element("NUL." + new string('x', 300)).Length);
    }

    [Fact]
    public void RandomNamesNeverEscapeAndStayWhenSanitizedAgain()
    {
        const string parts = "..//\\\\::  \0CONaux.nulcom1LPT9.txt\u202E\u200B\uFEFF\u0085*?<>|\"é日\uD83D\uDE00\uD800\uDC00";
        Prop.ForAll(ArbMap.Default.ArbFor<int>(), seed =>
        {
            var random = new Random(seed);
            var name = new StringBuilder();
            for (int i = random.Next(random.Next(2) == 0 ? 8 : 400); i > 0; i--)
                name.Append(random.Next(4) == 0 ? (char)random.Next(char.MaxValue + 1) : parts[random.Next(parts.Length)]);
            string once = PathSanitizer.Element(name.ToString().AsSpan());
            return IsSafe(once) && PathSanitizer.Element(once.AsSpan()) == once && DiskPath.Create(Root, once).Full == Path.Combine(Root, once);
        }).Check(Seeded.Config.WithMaxTest(5000));
    }

    private static string Root { get; } = OperatingSystem.IsWindows() ? "C:\\root" : "/root";

    private static bool IsSafe(string name)
        => name.Length is > 0 and <= 255 && Encoding.UTF8.GetByteCount(name) <= 255 && name is not ("." or "..")
            && name[^1] is not ('.' or ' ') && name.IndexOfAny(['/', '\\', ':', '*', '?', '"', '<', '>', '|', '\u202E', '\u200B', '\uFEFF']) < 0
            && !name.Any(char.IsControl) && !ReservedNames.IsReserved(name) && !name.EnumerateRunes().Any(r => r.Value is >= 0xD800 and <= 0xDFFF);
}
