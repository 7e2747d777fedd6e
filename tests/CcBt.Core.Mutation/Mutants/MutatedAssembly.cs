using System.Runtime.CompilerServices;
using Mono.Cecil;
using Mono.Cecil.Cil;
using Mono.Cecil.Rocks;

namespace CcBt.Core.Mutation.Mutants;

/// <summary>An assembly that holds all mutants at once, each behind the switch, and the list of them.</summary>
internal sealed class MutatedAssembly
{
    private static readonly string[] s_spared = ["ToString", "GetHashCode", "get_DebuggerDisplay", ".cctor"];

    private readonly List<Mutant> _mutants = [];
    private readonly SourceLines _sources = new();
    private int _sites;

    private MutatedAssembly()
    {
    }

    /// <summary>In the order of their numbers.</summary>
    public IReadOnlyList<Mutant> Mutants => _mutants;

    public int Sites => _sites;

    /// <param name="assembly">The built assembly, with its symbols beside it.</param>
    /// <param name="rooms">The rooms to change.</param>
    /// <param name="output">Where the changed assembly is written to.</param>
    public static MutatedAssembly Write(string assembly, IReadOnlyList<Room> rooms, Stream output)
    {
        using ModuleDefinition module = ModuleDefinition.ReadModule(assembly, new ReaderParameters { ReadSymbols = true, InMemory = true });
        var mutated = new MutatedAssembly();
        var fields = new SwitchFields(module);
        foreach (Room room in rooms)
        {
            foreach (TypeDefinition type in module.GetTypes().Where(t => IsIn(room, t)).OrderBy(t => t.FullName, StringComparer.Ordinal))
            {
                foreach (MethodDefinition method in type.Methods.Where(m => m.HasBody && m.DebugInformation.HasSequencePoints && !IsCompilersOwn(m)))
                    mutated.Rewrite(room, method, fields);
            }
        }
        module.Write(output);
        return mutated;
    }

    private static bool IsIn(Room room, TypeDefinition type)
    {
        TypeDefinition outer = type;
        while (outer.DeclaringType is not null)
            outer = outer.DeclaringType;
        return outer.Namespace == room.Namespace && (room.Types is null || room.Types.Contains(outer.Name));
    }

    /// <summary>Accessors without code of their own; local functions bear the same attribute.</summary>
    private static bool IsCompilersOwn(MethodDefinition method) =>
        !method.Name.Contains(">g__", StringComparison.Ordinal) && method.CustomAttributes.Any(a => a.AttributeType.Name == nameof(CompilerGeneratedAttribute));

    private void Rewrite(Room room, MethodDefinition method, SwitchFields fields)
    {
        var points = new Dictionary<Instruction, SequencePoint>();
        foreach (Instruction instruction in method.Body.Instructions)
        {
            if (method.DebugInformation.GetSequencePoint(instruction) is { } point)
                points[instruction] = point;
        }
        method.Body.SimplifyMacros();
        Instruction[] heads = Heads(method.Body);
        var rewriter = new MethodRewriter(method.Body, fields);
        IReadOnlyList<Site> sites = s_spared.Contains(method.Name) ? [] : new SiteFinder(method, _sources).Find(points);
        foreach (Site site in sites)
        {
            Mutant[] mutants = [.. site.Kinds.Select((kind, i) => Describe(room, method, site, kind, _mutants.Count + 1 + i))];
            rewriter.Rewrite(site, _sites++, mutants);
            _mutants.AddRange(mutants);
        }
        rewriter.AddAborts(heads);
        method.Body.OptimizeMacros();
    }

    private Mutant Describe(Room room, MethodDefinition method, Site site, MutantKind kind, int id)
    {
        string path = site.Point.Document.Url.Replace('\\', '/');
        return new Mutant(id, _sites, room.Name, $"{room.Name}/{path[(path.LastIndexOf('/') + 1)..]}", site.Point.StartLine, SourceName(method), kind, _sources.Line(site.Point));
    }

    /// <summary>The first instruction, and whatever a jump goes back to.</summary>
    private static Instruction[] Heads(MethodBody body) =>
    [
        .. body.Instructions.Where(i => i.Operand is Instruction target && target.Offset <= i.Offset).Select(i => (Instruction)i.Operand)
            .Append(body.Instructions[0]).Distinct(),
    ];

    /// <summary>The compiler names the code of lambdas, local functions, iterators and async methods after the method around them.</summary>
    private static string SourceName(MethodDefinition method)
    {
        TypeDefinition type = method.DeclaringType;
        string name = Inner(method.Name) ?? method.Name;
        while (type.DeclaringType is not null && type.Name.StartsWith('<'))
        {
            if (method.Name == "MoveNext")
                name = Inner(type.Name) ?? name;
            type = type.DeclaringType;
        }
        return $"{type.Name}.{name}";
    }

    private static string? Inner(string name) => name.StartsWith('<') && name.IndexOf('>') is > 1 and int end ? name[1..end] : null;
}
