namespace CcBt.Core.Fuzz.Generation;

/// <summary>Breaks an input in one to four places; never beyond <see cref="MostBytes"/>.</summary>
internal static class Mutator
{
    /// <summary>The bounds of time and allocation are promised for inputs up to this size.</summary>
    public const int MostBytes = 64 * 1024;

    public static byte[] Mutate(byte[] input, InputForm form, IReadOnlyList<byte[]> others, Random random)
    {
        var bytes = new List<byte>(input);
        for (int edits = random.Next(1, 5); edits > 0; edits--)
        {
            if (form == InputForm.Bencode && random.Chance(45))
                BencodeMutations.Apply(bytes, random);
            else if (form != InputForm.Binary && random.Chance(25))
                bytes.InsertRange(Place(bytes, random), random.Pick(SpecTokens.Of(form)));
            else
                ByteMutations.Apply(bytes, others, random);
        }
        // Growth shows what is not linear; it is rare, because it is slow.
        if (random.Next(200) == 0)
            Repetition.Apply(bytes, MostBytes, random);
        if (bytes.Count > MostBytes)
            bytes.RemoveRange(MostBytes, bytes.Count - MostBytes);
        return [.. bytes];
    }

    public static int Place(List<byte> bytes, Random random) => random.Next(bytes.Count + 1);
}
