using Mono.Cecil;
using Mono.Cecil.Cil;

namespace CcBt.Core.Tests.Architecture;

/// <summary>Finds every use in a type and in all that is nested in it (closures, iterators, state machines). Attributes are not looked at.</summary>
internal sealed class TypeUseCollector
{
    private readonly TypeDefinition _from;
    private readonly List<TypeUse> _uses = [];
    private string _place = "";

    private TypeUseCollector(TypeDefinition from) => _from = from;

    public static IReadOnlyList<TypeUse> Collect(TypeDefinition topLevelType)
    {
        var collector = new TypeUseCollector(topLevelType);
        collector.VisitDeclaration(topLevelType);
        return collector._uses;
    }

    private void VisitDeclaration(TypeDefinition type)
    {
        _place = type.FullName;
        AddType(type.BaseType);
        foreach (InterfaceImplementation implementation in type.Interfaces)
            AddType(implementation.InterfaceType);
        AddConstraints(type);
        foreach (FieldDefinition field in type.Fields)
        {
            _place = $"{type.FullName}.{field.Name}";
            AddType(field.FieldType);
        }
        foreach (MethodDefinition method in type.Methods)
            VisitMethod(type, method);
        foreach (TypeDefinition nested in type.NestedTypes)
            VisitDeclaration(nested);
    }

    private void VisitMethod(TypeDefinition type, MethodDefinition method)
    {
        _place = $"{type.FullName}.{method.Name}";
        AddSignature(method);
        AddConstraints(method);
        if (method.IsPInvokeImpl)
            Add(method.Module.ImportReference(typeof(System.Runtime.InteropServices.DllImportAttribute)), method.Name);
        if (!method.HasBody)
            return;
        foreach (VariableDefinition variable in method.Body.Variables)
            AddType(variable.VariableType);
        foreach (ExceptionHandler handler in method.Body.ExceptionHandlers)
            AddType(handler.CatchType);
        foreach (Instruction instruction in method.Body.Instructions)
            VisitOperand(instruction.Operand);
    }

    private void VisitOperand(object? operand)
    {
        switch (operand)
        {
            case TypeReference type:
                AddType(type);
                break;
            case FieldReference field:
                AddType(field.DeclaringType, field.Name);
                AddType(field.FieldType);
                break;
            case MethodReference method:
                AddType(method.DeclaringType, MethodText(method));
                AddSignature(method);
                if (method is GenericInstanceMethod generic)
                {
                    foreach (TypeReference argument in generic.GenericArguments)
                        AddType(argument);
                }
                break;
            case CallSite site:
                AddSignature(site);
                break;
        }
    }

    private void AddSignature(IMethodSignature signature)
    {
        AddType(signature.ReturnType);
        foreach (ParameterDefinition parameter in signature.Parameters)
            AddType(parameter.ParameterType);
    }

    private void AddConstraints(IGenericParameterProvider provider)
    {
        foreach (GenericParameter parameter in provider.GenericParameters)
        {
            foreach (GenericParameterConstraint constraint in parameter.Constraints)
                AddType(constraint.ConstraintType);
        }
    }

    private void AddType(TypeReference? type, string member = "")
    {
        switch (type)
        {
            case null or GenericParameter:
                return;
            case FunctionPointerType pointer:
                AddSignature(pointer);
                return;
            case GenericInstanceType generic:
                foreach (TypeReference argument in generic.GenericArguments)
                    AddType(argument);
                AddType(generic.ElementType, member);
                return;
            case RequiredModifierType modifier:
                AddType(modifier.ElementType, member);
                return;
            case TypeSpecification specification:
                AddType(specification.ElementType);
                return;
            default:
                Add(type, member);
                return;
        }
    }

    private void Add(TypeReference type, string member) => _uses.Add(new TypeUse(_from, _place, type, member));

    private static string MethodText(MethodReference method)
        => $"{method.Name}({string.Join(",", method.Parameters.Select(p => p.ParameterType.Name))})";
}
