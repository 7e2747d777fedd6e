using CcBt.Core.Faults.Stories;
using Xunit;

namespace CcBt.Core.Faults;

/// <summary>Each story in a process of its own, so that its open files and sockets can be counted.</summary>
public sealed class StoryTests
{
    public static TheoryData<string> Plain => [.. StoryList.All.Where(s => s is { RunsInCi: true, Mounts: false, IsolatesNetwork: false }).Select(s => s.Name)];

    public static TheoryData<string> Inside => [.. StoryList.All.Where(s => s.RunsInCi && (s.Mounts || s.IsolatesNetwork)).Select(s => s.Name)];

    [LinuxTheory]
    [MemberData(nameof(Plain))]
    public Task Nothing_breaks(string name) => PlayAsync(name);

    [LinuxTheory(NeedsNamespaces = true)]
    [MemberData(nameof(Inside))]
    public Task Nothing_breaks_in_namespaces(string name) => PlayAsync(name);

    private static async Task PlayAsync(string name)
    {
        var output = new StringWriter();
        int code = await Namespaces.RunAsync(StoryList.All.Single(s => s.Name == name), new RunOptions(name, 0, 1), output);
        Assert.True(code == 0, output.ToString());
    }
}
