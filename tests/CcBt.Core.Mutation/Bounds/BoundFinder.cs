using System.Globalization;
using Mono.Cecil;
using Mono.Cecil.Cil;
using Mono.Cecil.Rocks;

namespace CcBt.Core.Mutation.Bounds;

/// <summary>Walks the real and the marked code side by side and names each constant that differs.</summary>
internal sealed class BoundFinder(MarkedSources marks, IReadOnlyDictionary<string, long> values)
{
    private readonly List<BoundUse> _uses = [];

    /// <summary>Places whose difference is nobody's mark, such as a sum of two constants.</summary>
    public List<string> Unknown { get; } = [];

    /// <summary>The uses in the real module, whose bodies are left in their long form.</summary>
    public IReadOnlyList<BoundUse> Find(ModuleDefinition real, ModuleDefinition marked)
    {
        Dictionary<string, TypeDefinition> others = marked.GetTypes().ToDictionary(type => type.FullName, StringComparer.Ordinal);
        foreach (TypeDefinition type in real.GetTypes().Where(type => type.Name != "Limits"))
        {
            TypeDefinition other = others[type.FullName];
            for (int i = 0; i < type.Methods.Count; i++)
            {
                if (type.Methods[i].HasBody)
                    Compare(type.Methods[i], other.Methods[i]);
            }
        }
        return _uses;
    }

    private void Compare(MethodDefinition method, MethodDefinition other)
    {
        method.Body.SimplifyMacros();
        other.Body.SimplifyMacros();
        if (method.Body.Instructions.Count != other.Body.Instructions.Count)
        {
            Unknown.Add(method.FullName);
            return;
        }
        foreach ((Instruction real, Instruction marked) in method.Body.Instructions.Zip(other.Body.Instructions))
        {
            if (Number(real) is not { } value || Number(marked) is not { } grown || value == grown)
                continue;
            IReadOnlyList<(string Name, double PerUnit)> owners = marks.Owners((long)Math.Round(grown - value), (long)value, values);
            _uses.AddRange(owners.Select(owner => new BoundUse(real, owner.Name, owner.PerUnit)));
            if (owners.Count == 0)
                Unknown.Add($"{method.FullName}: {value.ToString(CultureInfo.InvariantCulture)}");
        }
    }

    private static double? Number(Instruction at) => at.OpCode.Code switch
    {
        Code.Ldc_I4 => (int)at.Operand,
        Code.Ldc_I8 => (long)at.Operand,
        Code.Ldc_R8 => (double)at.Operand,
        _ => null,
    };
}
