using System.Xml.Linq;
using Mono.Cecil;

namespace CcBt.Core.Tests.Architecture;

public sealed class PublicApiTests
{
    private const string Approved = "tests/CcBt.Core.Tests/Architecture/PublicApi.approved.txt";
    private const int MostPublicTypes = 45;

    [Fact]
    public void The_public_face_is_the_approved_one()
    {
        using ModuleDefinition module = ModuleDefinition.ReadModule(typeof(InfoHash).Assembly.Location);
        string received = PublicApiText.Write(module);
        if (Environment.GetEnvironmentVariable("CCBT_APPROVE_API") == "1")
            File.WriteAllText(Path.Combine(Repository.Root, Approved), received);
        string approved = Repository.Read(Approved);
        if (received == approved)
            return;

        string output = Path.Combine(AppContext.BaseDirectory, "PublicApi.received.txt");
        File.WriteAllText(output, received);
        string[] before = approved.Split('\n'), after = received.Split('\n');
        Assert.Fail($"""
            The public face of the library differs from {Approved}.
            Gone:  {string.Join("\n       ", before.Except(after))}
            New:   {string.Join("\n       ", after.Except(before))}
            The whole of it: {output}
            If this is meant, run the tests once with CCBT_APPROVE_API=1 and commit the approved file.
            """);
    }

    [Fact]
    public void The_public_face_stays_small()
    {
        using ModuleDefinition module = ModuleDefinition.ReadModule(typeof(InfoHash).Assembly.Location);

        int count = PublicApiText.PublicTypes(module).Count;

        Assert.InRange(count, 1, MostPublicTypes);
    }

    [Fact]
    public void Every_public_type_and_member_is_documented()
    {
        string assembly = typeof(InfoHash).Assembly.Location;
        HashSet<string> documented = [.. XDocument.Load(Path.ChangeExtension(assembly, ".xml")).Descendants("member")
            .Where(m => m.Value.Trim().Length > 0 || m.Elements("inheritdoc").Any())
            .Select(m => m.Attribute("name")!.Value.Split('(')[0].Split('~')[0])];
        using ModuleDefinition module = ModuleDefinition.ReadModule(assembly);

        string[] missing = [.. PublicApiText.PublicTypes(module).SelectMany(Documentable).Where(id => !documented.Contains(id))];

        Assert.True(missing.Length == 0, "without documentation: " + string.Join(", ", missing));
    }

    private static IEnumerable<string> Documentable(TypeDefinition type)
    {
        string name = type.FullName.Replace('/', '.');
        return [$"T:{name}",
            .. type.Fields.Where(f => f.IsPublic && !f.IsSpecialName).Select(f => $"F:{name}.{f.Name}"),
            .. type.Properties.Where(p => p.GetMethod?.IsPublic == true && p.Name != "EqualityContract").Select(p => $"P:{name}.{p.Name}"),
            .. type.Events.Where(e => e.AddMethod.IsPublic).Select(e => $"E:{name}.{e.Name}"),
            .. type.Methods.Where(m => m.IsPublic && !m.IsGetter && !m.IsSetter && !m.IsAddOn && !m.IsRemoveOn && !IsGenerated(m))
                .Select(m => $"M:{name}.{m.Name.Replace('.', '#')}{(m.HasGenericParameters ? $"``{m.GenericParameters.Count}" : "")}")];
    }

    // Records bring members of their own, and a class without constructors has one that nobody wrote.
    private static bool IsGenerated(MethodDefinition method)
        => method.CustomAttributes.Any(a => a.AttributeType.Name == "CompilerGeneratedAttribute")
            || method.IsConstructor && (method.Parameters.Count == 0 || IsRecord(method.DeclaringType));

    private static bool IsRecord(TypeDefinition type) => type.Methods.Any(m => m.Name is "<Clone>$" or "PrintMembers");
}
