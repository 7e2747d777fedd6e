using Mono.Cecil.Cil;

namespace CcBt.Core.Mutation.Bounds;

/// <summary>A constant in the built code that came from one of <c>Limits</c>.</summary>
/// <param name="Instruction">The instruction that pushes it.</param>
/// <param name="Name">The constant of <c>Limits</c>.</param>
/// <param name="PerUnit">By how much the pushed number grows when the constant grows by one.</param>
internal sealed record BoundUse(Instruction Instruction, string Name, double PerUnit);
