namespace CcBt.Core.Fuzz;

/// <summary>A target broke what must hold for every input.</summary>
internal sealed class FuzzFailure(string message) : Exception(message)
{
    public static void When(bool broken, string message)
    {
        if (broken)
            throw new FuzzFailure(message);
    }
}
