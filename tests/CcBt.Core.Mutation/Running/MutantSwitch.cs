using System.Reflection;
using CcBt.Core.Mutation.Mutants;

namespace CcBt.Core.Mutation.Running;

/// <summary>The switch inside the loaded, changed assembly.</summary>
internal sealed class MutantSwitch
{
    private readonly FieldInfo _active;
    private readonly FieldInfo _abort;
    private readonly byte[] _hits;

    public MutantSwitch(Assembly changed, int sites)
    {
        Type type = changed.GetType(SwitchFields.TypeName, throwOnError: true)!;
        _active = type.GetField(nameof(SwitchFields.Active))!;
        _abort = type.GetField(nameof(SwitchFields.Abort))!;
        _hits = new byte[sites];
        type.GetField(nameof(SwitchFields.Hits))!.SetValue(null, _hits);
    }

    /// <summary>Null for a library that was changed in one way only and has no switch.</summary>
    public static MutantSwitch? Find(Assembly changed, int sites) => changed.GetType(SwitchFields.TypeName) is null ? null : new MutantSwitch(changed, sites);

    public void TurnOn(int mutant) => _active.SetValue(null, mutant);

    public void Abort(bool abort) => _abort.SetValue(null, abort);

    public void ForgetHits() => Array.Clear(_hits);

    /// <summary>The numbers of the sites that ran since the last call of <see cref="ForgetHits"/>.</summary>
    public IEnumerable<int> Hits() => Enumerable.Range(0, _hits.Length).Where(i => _hits[i] != 0);
}
