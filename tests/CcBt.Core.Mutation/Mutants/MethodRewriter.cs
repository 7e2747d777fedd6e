using Mono.Cecil.Cil;

namespace CcBt.Core.Mutation.Mutants;

/// <summary>
/// Puts the mutants of one method into its code, each behind a comparison with the switch. The instruction objects stay
/// where they are, so that jumps and exception handlers that name them reach the new code.
/// </summary>
internal sealed class MethodRewriter(MethodBody body, SwitchFields fields)
{
    private readonly ILProcessor _il = body.GetILProcessor();

    public void Rewrite(Site site, int number, IReadOnlyList<Mutant> mutants)
    {
        Instruction at = site.Instruction;
        Instruction original = Copy(at);
        var code = new List<Instruction> { Instruction.Create(OpCodes.Ldsfld, fields.Hits), Constant(number), Constant(1), Instruction.Create(OpCodes.Stelem_I1) };
        if (Opposites.IsConditionalBranch(original))
            Branch(code, original, at.Next, mutants);
        else
            Value(code, original, mutants);
        Replace(at, code);
    }

    /// <summary>Makes the loops and the entry of the method look at the abort flag. Comes after the mutants.</summary>
    public void AddAborts(IEnumerable<Instruction> heads)
    {
        foreach (Instruction head in heads)
        {
            Instruction original = Copy(head);
            Replace(head, [Instruction.Create(OpCodes.Ldsfld, fields.Abort), Instruction.Create(OpCodes.Brfalse, original), Instruction.Create(OpCodes.Call, fields.Stop), original]);
        }
    }

    private void Branch(List<Instruction> code, Instruction original, Instruction next, IReadOnlyList<Mutant> mutants)
    {
        var target = (Instruction)original.Operand;
        var changed = new List<Instruction>();
        foreach (Mutant mutant in mutants)
        {
            List<Instruction> instead = mutant.Kind switch
            {
                MutantKind.ConditionNegated => [Instruction.Create(Opposites.Negated(original.OpCode), target), Instruction.Create(OpCodes.Br, next)],
                MutantKind.BoundaryShifted => [Instruction.Create(Opposites.Shifted(original.OpCode), target), Instruction.Create(OpCodes.Br, next)],
                MutantKind.EarlyReturnRemoved => [.. Pops(original), Instruction.Create(OpCodes.Br, target)],
                MutantKind.EarlyReturnForced => [.. Pops(original), Instruction.Create(OpCodes.Br, next)],
                _ => throw new InvalidOperationException($"A branch can not be changed by {mutant.Kind}."),
            };
            code.AddRange([Instruction.Create(OpCodes.Ldsfld, fields.Active), Constant(mutant.Id), Instruction.Create(OpCodes.Beq, instead[0])]);
            changed.AddRange(instead);
        }
        code.AddRange([original, Instruction.Create(OpCodes.Br, next), .. changed]);
    }

    private void Value(List<Instruction> code, Instruction original, IReadOnlyList<Mutant> mutants)
    {
        foreach (Mutant mutant in mutants.Where(m => m.Kind == MutantKind.ReturnNegated))
            code.AddRange(WhenOn(mutant, Instruction.Create(OpCodes.Xor)));
        Instruction end = Instruction.Create(OpCodes.Nop);
        foreach (Mutant mutant in mutants.Where(m => m.Kind == MutantKind.BoundaryShifted))
        {
            Instruction plain = Instruction.Create(OpCodes.Nop);
            code.AddRange([Instruction.Create(OpCodes.Ldsfld, fields.Active), Constant(mutant.Id), Instruction.Create(OpCodes.Bne_Un, plain)]);
            code.AddRange([Instruction.Create(Opposites.NotShifted(original.OpCode)), Constant(0), Instruction.Create(OpCodes.Ceq), Instruction.Create(OpCodes.Br, end), plain]);
        }
        code.Add(original);
        foreach (Mutant mutant in mutants)
        {
            if (mutant.Kind == MutantKind.ConditionNegated)
                code.AddRange(WhenOn(mutant, Instruction.Create(OpCodes.Xor)));
            else if (mutant.Kind is MutantKind.BoundPlusOne or MutantKind.BoundMinusOne)
                code.AddRange(Shift(mutant, original));
        }
        if (original.OpCode.Code != Code.Ret)
            code.Add(end);
    }

    private IEnumerable<Instruction> Shift(Mutant mutant, Instruction constant)
    {
        Instruction operation = Instruction.Create(mutant.Kind == MutantKind.BoundPlusOne ? OpCodes.Add : OpCodes.Sub);
        return constant.OpCode.Code == Code.Ldc_I8
            ? WhenOn(mutant, Instruction.Create(OpCodes.Conv_I8), operation)
            : WhenOn(mutant, operation);
    }

    /// <summary>Pushes 1 when the mutant is on, else 0, and applies the operations.</summary>
    private IEnumerable<Instruction> WhenOn(Mutant mutant, params Instruction[] operations) =>
        [Instruction.Create(OpCodes.Ldsfld, fields.Active), Constant(mutant.Id), Instruction.Create(OpCodes.Ceq), .. operations];

    private static IEnumerable<Instruction> Pops(Instruction branch) =>
        Enumerable.Range(0, branch.OpCode.Code is Code.Brtrue or Code.Brfalse ? 1 : 2).Select(_ => Instruction.Create(OpCodes.Pop));

    private void Replace(Instruction at, IReadOnlyList<Instruction> code)
    {
        at.OpCode = code[0].OpCode;
        at.Operand = code[0].Operand;
        Instruction last = at;
        foreach (Instruction instruction in code.Skip(1))
        {
            _il.InsertAfter(last, instruction);
            last = instruction;
        }
    }

    private static Instruction Constant(int value) => Instruction.Create(OpCodes.Ldc_I4, value);

    private static Instruction Copy(Instruction of)
    {
        Instruction copy = Instruction.Create(OpCodes.Nop);
        copy.OpCode = of.OpCode;
        copy.Operand = of.Operand;
        return copy;
    }
}
