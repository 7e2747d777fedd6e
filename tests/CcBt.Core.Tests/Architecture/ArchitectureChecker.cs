using Mono.Cecil;

namespace CcBt.Core.Tests.Architecture;

/// <summary>Walks the IL of a built assembly and reports every use that breaks an arrow or the purity of a band.</summary>
internal sealed class ArchitectureChecker(RoomMap map)
{
    public IReadOnlyList<string> Check(ModuleDefinition module)
    {
        var violations = new SortedSet<string>(StringComparer.Ordinal);
        foreach (TypeDefinition type in module.Types.Where(t => map.Owns(t.Namespace)))
        {
            Band? band = map.BandOf(type.Namespace, type.Name);
            if (band is null)
            {
                violations.Add($"{type.FullName} stands in a folder that is no room");
                continue;
            }
            DenyList denied = DenyList.For(band.Value);
            foreach (TypeUse use in TypeUseCollector.Collect(type))
            {
                if (Judge(use, band.Value, denied) is { } message)
                    violations.Add(message);
            }
        }
        return [.. violations];
    }

    private string? Judge(TypeUse use, Band band, DenyList denied)
    {
        TypeReference target = use.TopLevelTarget;
        if (target.Scope is AssemblyNameReference || !map.Owns(target.Namespace))
        {
            return denied.Denies(use.Target.FullName, use.Member)
                ? $"{use.From.FullName} → {use.TargetText} in {use.Place}: not in a room of the band {band}"
                : null;
        }
        return map.Allows((use.From.Namespace, use.From.Name), (target.Namespace, target.Name))
            ? null
            : $"{use.From.FullName} → {target.FullName} in {use.Place}: no such arrow";
    }
}
