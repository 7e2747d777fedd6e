namespace CcBt.Core.Mutation.Planted;

/// <summary>Code to change: the test of the mutation check compares what it answers with and without each mutant.</summary>
internal static class Gauge
{
    public static int Measure(int value)
    {
        if (value < 0)
            return -1;
        int steps = 0;
        for (int i = 0; i < value; i++)
            steps++;
        return steps;
    }

    public static bool IsInside(int value, int low, int high) => value >= low && value < high;
}
