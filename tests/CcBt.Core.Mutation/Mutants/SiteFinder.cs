using Mono.Cecil;
using Mono.Cecil.Cil;

namespace CcBt.Core.Mutation.Mutants;

/// <summary>Finds the places of one method that can be changed. What the compiler adds to the source is left alone.</summary>
internal sealed class SiteFinder(MethodDefinition method, SourceLines sources)
{
    private readonly List<Site> _sites = [];

    /// <summary>The method's instructions have to be in their long form.</summary>
    public IReadOnlyList<Site> Find(IReadOnlyDictionary<Instruction, SequencePoint> points)
    {
        SequencePoint? point = null;
        foreach (Instruction instruction in method.Body.Instructions)
        {
            if (points.TryGetValue(instruction, out SequencePoint? next))
                point = next;
            if (point is null || point.IsHidden || sources.Statement(point).StartsWith("throw", StringComparison.Ordinal))
                continue;
            MutantKind[] kinds = Kinds(instruction);
            if (kinds.Length > 0)
                _sites.Add(new Site(instruction, kinds, point));
        }
        return _sites;
    }

    private MutantKind[] Kinds(Instruction at)
    {
        if (Opposites.IsConditionalBranch(at))
            return IsCompilersOwn(at) ? [] : BranchKinds(at);
        if (Opposites.IsComparison(at))
            return ComparisonKinds(at);
        if (IsConstant(at) && IsBound(at))
            return [MutantKind.BoundPlusOne, MutantKind.BoundMinusOne];
        return at.OpCode.Code == Code.Ret && method.ReturnType.MetadataType == MetadataType.Boolean ? [MutantKind.ReturnNegated] : [];
    }

    private static MutantKind[] BranchKinds(Instruction at)
    {
        var kinds = new List<MutantKind>();
        if (IsGuard(at))
            kinds.AddRange([MutantKind.EarlyReturnRemoved, MutantKind.EarlyReturnForced]);
        else
            kinds.Add(MutantKind.ConditionNegated);
        if (Opposites.IsOrderingBranch(at) && !HasConstantBound(at))
            kinds.Add(MutantKind.BoundaryShifted);
        return [.. kinds];
    }

    private MutantKind[] ComparisonKinds(Instruction at)
    {
        Instruction? before = at.Previous, after = at.Next;
        bool isNegation = at.OpCode.Code == Code.Ceq && IsZero(before)
            && (Opposites.IsComparison(before!.Previous) || before.Previous is { OpCode.Code: Code.Call or Code.Callvirt or Code.Ldfld or Code.Ldloc or Code.Ldarg });
        if (isNegation)
            return [];
        bool isAnswer = method.ReturnType.MetadataType == MetadataType.Boolean
            && (after?.OpCode.Code == Code.Ret || (IsZero(after) && after!.Next?.OpCode.Code == Code.Ceq && after.Next.Next?.OpCode.Code == Code.Ret));
        bool isZeroTest = at.OpCode.Code == Code.Cgt_Un && (before is { OpCode.Code: Code.Ldnull } || IsZero(before));
        var kinds = new List<MutantKind>();
        if (!isAnswer)
            kinds.Add(MutantKind.ConditionNegated);
        if (Opposites.IsOrdering(at) && !isZeroTest && !HasConstantBound(at))
            kinds.Add(MutantKind.BoundaryShifted);
        return [.. kinds];
    }

    /// <summary>Whether the branch leads around a return or throw that it guards.</summary>
    private static bool IsGuard(Instruction at)
    {
        var target = (Instruction)at.Operand;
        return target.Offset > at.Offset && target.Previous is { OpCode.Code: Code.Ret or Code.Throw } && target.Previous != at;
    }

    private static bool HasConstantBound(Instruction comparison) =>
        comparison.Previous is { } before && IsConstant(before.OpCode.Code == Code.Conv_I8 || before.OpCode.Code == Code.Conv_U8 ? before.Previous : before);

    private static bool IsBound(Instruction constant)
    {
        Instruction? use = constant.Next;
        if (use is { OpCode.Code: Code.Conv_I8 or Code.Conv_U8 })
            use = use.Next;
        if (use is null || IsZero(constant) && use.OpCode.Code == Code.Cgt_Un)
            return false;
        return Opposites.IsOrderingBranch(use) || Opposites.IsOrdering(use);
    }

    private static bool IsConstant(Instruction? at) => at is { OpCode.Code: Code.Ldc_I4 or Code.Ldc_I8 };

    private static bool IsZero(Instruction? at) => at is { OpCode.Code: Code.Ldc_I4, Operand: 0 };

    /// <summary>Cached lambdas, the ends of using and foreach, awaiters, and switch expressions without a match.</summary>
    private static bool IsCompilersOwn(Instruction at)
    {
        var target = (Instruction)at.Operand;
        bool isCache = at.Previous is { OpCode.Code: Code.Dup } dup && dup.Previous is { OpCode.Code: Code.Ldsfld, Operand: FieldReference field } && field.Name.Contains('<');
        bool isAwait = at.Previous is { Operand: MethodReference { Name: "get_IsCompleted" } };
        return isCache || isAwait || target.OpCode.Code == Code.Endfinally || IsNoMatch(target) || IsNoMatch(at.Next);
    }

    private static bool IsNoMatch(Instruction? at)
    {
        for (int i = 0; i < 3 && at is not null; i++, at = at.Next)
        {
            if (at.Operand is MethodReference { DeclaringType.Name: "<PrivateImplementationDetails>" } throws && throws.Name.StartsWith("Throw", StringComparison.Ordinal))
                return true;
        }
        return false;
    }
}
