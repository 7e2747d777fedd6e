using Mono.Cecil.Cil;

namespace CcBt.Core.Mutation.Mutants;

/// <summary>The conditional branches and comparisons of IL, and what each becomes. Branches are in their long form.</summary>
internal static class Opposites
{
    private static readonly Dictionary<Code, OpCode> s_negated = new()
    {
        [Code.Brtrue] = OpCodes.Brfalse,
        [Code.Brfalse] = OpCodes.Brtrue,
        [Code.Beq] = OpCodes.Bne_Un,
        [Code.Bne_Un] = OpCodes.Beq,
        [Code.Blt] = OpCodes.Bge,
        [Code.Bge] = OpCodes.Blt,
        [Code.Bgt] = OpCodes.Ble,
        [Code.Ble] = OpCodes.Bgt,
        [Code.Blt_Un] = OpCodes.Bge_Un,
        [Code.Bge_Un] = OpCodes.Blt_Un,
        [Code.Bgt_Un] = OpCodes.Ble_Un,
        [Code.Ble_Un] = OpCodes.Bgt_Un,
    };

    private static readonly Dictionary<Code, OpCode> s_shifted = new()
    {
        [Code.Blt] = OpCodes.Ble,
        [Code.Ble] = OpCodes.Blt,
        [Code.Bgt] = OpCodes.Bge,
        [Code.Bge] = OpCodes.Bgt,
        [Code.Blt_Un] = OpCodes.Ble_Un,
        [Code.Ble_Un] = OpCodes.Blt_Un,
        [Code.Bgt_Un] = OpCodes.Bge_Un,
        [Code.Bge_Un] = OpCodes.Bgt_Un,
    };

    // Less or equal is "not greater", for which IL has no single instruction.
    private static readonly Dictionary<Code, OpCode> s_notShifted = new()
    {
        [Code.Clt] = OpCodes.Cgt,
        [Code.Cgt] = OpCodes.Clt,
        [Code.Clt_Un] = OpCodes.Cgt_Un,
        [Code.Cgt_Un] = OpCodes.Clt_Un,
    };

    public static bool IsConditionalBranch(Instruction instruction) => s_negated.ContainsKey(instruction.OpCode.Code);

    public static bool IsOrderingBranch(Instruction instruction) => s_shifted.ContainsKey(instruction.OpCode.Code);

    public static bool IsOrdering(Instruction instruction) => s_notShifted.ContainsKey(instruction.OpCode.Code);

    public static bool IsComparison(Instruction instruction) => instruction.OpCode.Code == Code.Ceq || IsOrdering(instruction);

    public static OpCode Negated(OpCode branch) => s_negated[branch.Code];

    public static OpCode Shifted(OpCode branch) => s_shifted[branch.Code];

    /// <summary>The comparison whose opposite is this one with its boundary shifted.</summary>
    public static OpCode NotShifted(OpCode comparison) => s_notShifted[comparison.Code];
}
