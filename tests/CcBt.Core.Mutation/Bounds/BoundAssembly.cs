using Mono.Cecil;
using Mono.Cecil.Cil;
using Mono.Cecil.Rocks;

namespace CcBt.Core.Mutation.Bounds;

/// <summary>Writes the library with one constant of <c>Limits</c> changed wherever it is used.</summary>
internal sealed class BoundAssembly(string library, string marked, MarkedSources marks, IReadOnlyDictionary<string, long> values)
{
    /// <returns>How many places were changed.</returns>
    public int Write(string constant, double factor, string output)
    {
        using ModuleDefinition real = ModuleDefinition.ReadModule(library, new ReaderParameters { InMemory = true });
        using ModuleDefinition other = ModuleDefinition.ReadModule(marked, new ReaderParameters { InMemory = true });
        BoundUse[] uses = [.. new BoundFinder(marks, values).Find(real, other).Where(use => use.Name == constant)];
        foreach (BoundUse use in uses)
            Change(use.Instruction, use.PerUnit * values[constant] * (factor - 1));
        foreach (MethodDefinition method in real.GetTypes().SelectMany(type => type.Methods).Where(method => method.HasBody))
            method.Body.OptimizeMacros();
        real.Write(output);
        return uses.Length;
    }

    private static void Change(Instruction at, double by) => at.Operand = at.OpCode.Code switch
    {
        Code.Ldc_I4 => (object)(int)Math.Clamp((int)at.Operand + by, int.MinValue, int.MaxValue),
        Code.Ldc_I8 => (long)at.Operand + (long)by,
        _ => (double)at.Operand + by,
    };
}
