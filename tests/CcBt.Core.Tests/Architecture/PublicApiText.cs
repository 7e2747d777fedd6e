using System.Globalization;
using System.Text;
using Mono.Cecil;

namespace CcBt.Core.Tests.Architecture;

/// <summary>Writes what an assembly shows to its users, one member a line, in an order that does not depend on the source.</summary>
internal static class PublicApiText
{
    public static IReadOnlyList<TypeDefinition> PublicTypes(ModuleDefinition module)
        => [.. module.GetTypes().Where(IsVisible).OrderBy(t => t.FullName, StringComparer.Ordinal)];

    public static string Write(ModuleDefinition module)
    {
        var text = new StringBuilder();
        foreach (TypeDefinition type in PublicTypes(module))
        {
            text.Append(TypeLine(type)).Append('\n');
            foreach (string line in MemberLines(type).Order(StringComparer.Ordinal))
                text.Append("    ").Append(line).Append('\n');
        }
        return text.ToString();
    }

    private static bool IsVisible(TypeDefinition type)
        => type.IsPublic || type.IsNestedPublic && IsVisible(type.DeclaringType);

    private static string TypeLine(TypeDefinition type)
    {
        string kind = type.IsEnum ? "enum" : type.IsInterface ? "interface" : type.IsValueType ? "struct"
            : type.IsAbstract && type.IsSealed ? "static class" : type.IsAbstract ? "abstract class" : type.IsSealed ? "sealed class" : "class";
        string[] bases = [.. BaseOf(type), .. type.Interfaces.Select(i => Name(i.InterfaceType)).Order(StringComparer.Ordinal)];
        return $"{kind} {Name(type)}{(bases.Length == 0 || type.IsEnum ? "" : " : " + string.Join(", ", bases))}";
    }

    private static IEnumerable<string> BaseOf(TypeDefinition type)
        => type.BaseType is { FullName: not ("System.Object" or "System.ValueType" or "System.Enum") } b ? [Name(b)] : [];

    private static IEnumerable<string> MemberLines(TypeDefinition type)
    {
        foreach (FieldDefinition field in type.Fields.Where(f => f.IsPublic && !f.IsSpecialName))
            yield return $"{(field.HasConstant ? "const " : field.IsStatic ? "static " : "")}{Name(field.FieldType)} {field.Name}{(field.HasConstant ? $" = {Constant(field.Constant)}" : "")}";
        foreach (PropertyDefinition property in type.Properties)
        {
            string accessors = $"{Accessor(property.GetMethod, "get")}{Accessor(property.SetMethod, "set")}";
            if (accessors.Length > 0)
                yield return $"{Modifier(property.GetMethod ?? property.SetMethod)}{Name(property.PropertyType)} {property.Name} {{ {accessors}}}";
        }
        foreach (EventDefinition occurrence in type.Events.Where(e => e.AddMethod.IsPublic))
            yield return $"event {Modifier(occurrence.AddMethod)}{Name(occurrence.EventType)} {occurrence.Name}";
        foreach (MethodDefinition method in type.Methods.Where(m => IsCallable(m) && !m.IsGetter && !m.IsSetter && !m.IsAddOn && !m.IsRemoveOn))
            yield return $"{Modifier(method)}{Name(method.ReturnType)} {method.Name}{Generics(method)}({string.Join(", ", method.Parameters.Select(Parameter))})";
    }

    private static bool IsCallable(MethodDefinition? method) => method is not null && (method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly);

    private static string Accessor(MethodDefinition? method, string name)
    {
        if (!IsCallable(method))
            return "";
        bool init = method!.ReturnType is RequiredModifierType { ModifierType.Name: "IsExternalInit" };
        return $"{(method.IsPublic ? "" : "protected ")}{(init ? "init" : name)}; ";
    }

    private static string Modifier(MethodDefinition? method)
        => $"{(method!.IsPublic ? "" : "protected ")}{(method.IsStatic ? "static " : method.IsAbstract ? "abstract " : "")}";

    private static string Parameter(ParameterDefinition parameter)
        => $"{(parameter.IsOut ? "out " : "")}{Name(parameter.ParameterType)} {parameter.Name}{(parameter.HasConstant ? $" = {Constant(parameter.Constant)}" : "")}";

    private static string Constant(object? value) => value switch
    {
        null => "null",
        string text => $"\"{text}\"",
        bool flag => flag ? "true" : "false",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "",
    };

    private static string Generics(IGenericParameterProvider provider)
        => provider.HasGenericParameters ? $"<{string.Join(", ", provider.GenericParameters.Select(p => p.Name))}>" : "";

    private static string Name(TypeReference type) => type switch
    {
        RequiredModifierType modifier => Name(modifier.ElementType),
        ByReferenceType reference => "ref " + Name(reference.ElementType),
        ArrayType array => Name(array.ElementType) + "[]",
        GenericInstanceType generic => $"{Bare(generic.ElementType)}<{string.Join(", ", generic.GenericArguments.Select(Name))}>",
        GenericParameter parameter => parameter.Name,
        _ => Bare(type) + Generics(type),
    };

    private static string Bare(TypeReference type) => type.FullName.Split('`')[0].Replace('/', '.');
}
