namespace CcBt.Core.Storage;

/// <summary>Tells a caller of the public face how far a check has come.</summary>
internal sealed class HashProgressRelay(IProgress<HashProgress> target, long total) : IProgress<long>
{
    public void Report(long value) => target.Report(new HashProgress(value, total));
}
