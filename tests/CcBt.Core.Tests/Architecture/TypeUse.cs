using Mono.Cecil;

namespace CcBt.Core.Tests.Architecture;

/// <summary>One use that the IL shows: a top-level type (or something nested in it) mentions another type or one of its members.</summary>
/// <param name="From">The top-level type that holds the code.</param>
/// <param name="Place">The type and member in which it stands, for messages.</param>
/// <param name="Target">The type that is mentioned, without generic arguments.</param>
/// <param name="Member">The member that is mentioned; empty when only the type is.</param>
internal sealed record TypeUse(TypeDefinition From, string Place, TypeReference Target, string Member)
{
    /// <summary>The target's outermost declaring type.</summary>
    public TypeReference TopLevelTarget
    {
        get
        {
            TypeReference type = Target;
            while (type.DeclaringType is { } outer)
                type = outer;
            return type;
        }
    }

    /// <summary>The target and the member as a message shows them.</summary>
    public string TargetText => Member.Length == 0 ? Target.FullName : $"{Target.FullName}.{Member}";
}
