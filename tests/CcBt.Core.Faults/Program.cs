using CcBt.Core.Faults.Crash;
using CcBt.Core.Faults.Load;
using CcBt.Core.Faults.Stories;

namespace CcBt.Core.Faults;

/// <summary>
/// Whole clients on a real disk and loopback sockets, with real faults: <c>list</c>, or <c>run [NAME] [--count N] [--seed S]</c>. Stories
/// that need mounts or a network of their own start themselves again inside a namespace.
/// </summary>
internal static class Program
{
    private const string Usage = "usage: list | run [NAME] [--count N] [--seed S]   (what N counts, list says)";

    public static async Task<int> Main(string[] arguments)
    {
        switch (arguments)
        {
            case ["list"]:
                foreach (Story story in StoryList.All)
                    Console.WriteLine($"{story.Name,-16} {story.What}");
                return 0;
            case ["run", .. string[] rest] when RunOptions.TryParse(rest, out RunOptions options):
                return await RunAsync(options);
            case ["download", .. string[] rest]:
                return await CrashingDownload.RunAsync(rest);
            case ["add", .. string[] rest]:
                return await AddingLife.RunAsync(rest);
            case ["swarm", .. string[] rest]:
                return await CrampedSwarm.RunAsync(rest);
            default:
                Console.Error.WriteLine(Usage);
                return 2;
        }
    }

    private static async Task<int> RunAsync(RunOptions options)
    {
        Story[] stories = [.. StoryList.All.Where(s => options.Name is null ? s.RunsInCi : s.Name == options.Name)];
        if (stories.Length == 0)
        {
            Console.Error.WriteLine($"There is no story '{options.Name}'; see list.");
            return 2;
        }
        int failures = 0;
        foreach (Story story in stories)
        {
            if (Namespaces.IsMissing(story))
                failures += await Namespaces.RunAsync(story, options, Console.Out) == 0 ? 0 : 1;
            else
                failures += await story.PlayAsync(options, Console.Out) ? 0 : 1;
        }
        return failures == 0 ? 0 : 1;
    }
}
