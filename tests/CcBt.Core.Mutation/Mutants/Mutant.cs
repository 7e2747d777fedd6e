namespace CcBt.Core.Mutation.Mutants;

/// <summary>One change to the code that can be switched on.</summary>
/// <param name="Id">Its number, from 1: the value of the switch that turns it on.</param>
/// <param name="Site">The number of its place; mutants of one instruction share it.</param>
/// <param name="Room">The room that it belongs to.</param>
/// <param name="File">The source file's path from the room's folder on.</param>
/// <param name="Line">The line in that file, from 1.</param>
/// <param name="Method">The type and the method as the source names them.</param>
/// <param name="Kind">What it changes.</param>
/// <param name="Source">The source line without the white space around it.</param>
internal sealed record Mutant(int Id, int Site, string Room, string File, int Line, string Method, MutantKind Kind, string Source);
