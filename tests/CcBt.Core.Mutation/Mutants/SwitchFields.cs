using Mono.Cecil;
using Mono.Cecil.Cil;

namespace CcBt.Core.Mutation.Mutants;

/// <summary>The type that is added to the changed assembly: which mutant is on, which sites ran, and whether all loops are to end.</summary>
internal sealed class SwitchFields
{
    public const string TypeName = "CcBt.Core.MutationSwitch";

    public SwitchFields(ModuleDefinition module)
    {
        TypeSystem types = module.TypeSystem;
        var holder = new TypeDefinition("CcBt.Core", "MutationSwitch", TypeAttributes.Public | TypeAttributes.Abstract | TypeAttributes.Sealed, types.Object);
        Active = Add(holder, nameof(Active), types.Int32);
        Hits = Add(holder, nameof(Hits), new ArrayType(types.Byte));
        Abort = Add(holder, nameof(Abort), types.Boolean);
        Stop = new MethodDefinition(nameof(Stop), MethodAttributes.Public | MethodAttributes.Static, types.Void);
        var exception = new TypeReference("System", "TimeoutException", module, types.CoreLibrary);
        var constructor = new MethodReference(".ctor", types.Void, exception) { HasThis = true };
        ILProcessor il = Stop.Body.GetILProcessor();
        il.Emit(OpCodes.Newobj, constructor);
        il.Emit(OpCodes.Throw);
        holder.Methods.Add(Stop);
        module.Types.Add(holder);
    }

    /// <summary>The number of the mutant that is on; 0: none.</summary>
    public FieldDefinition Active { get; }

    /// <summary>One byte a site, set when it runs. The runner makes the array before any of the code runs.</summary>
    public FieldDefinition Hits { get; }

    /// <summary>Makes every loop and every call throw, which ends a mutant that does not end by itself.</summary>
    public FieldDefinition Abort { get; }

    public MethodDefinition Stop { get; }

    private static FieldDefinition Add(TypeDefinition holder, string name, TypeReference type)
    {
        var field = new FieldDefinition(name, FieldAttributes.Public | FieldAttributes.Static, type);
        holder.Fields.Add(field);
        return field;
    }
}
