using Mono.Cecil.Cil;

namespace CcBt.Core.Mutation.Mutants;

/// <summary>An instruction that can be changed, and in which ways.</summary>
/// <param name="Instruction">The comparison, conditional branch, constant or return.</param>
/// <param name="Kinds">The ways to change it, each of which becomes a mutant.</param>
/// <param name="Point">Where it stands in the source.</param>
internal sealed record Site(Instruction Instruction, IReadOnlyList<MutantKind> Kinds, SequencePoint Point);
