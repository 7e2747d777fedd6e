namespace CcBt.Core.Session;

/// <summary>Tells the owner how far a hash check is, a hundred times at the most.</summary>
internal sealed class CheckProgress(SessionCore session, long totalBytes, IMailbox mailbox) : IProgress<long>
{
    private long _told;

    public void Report(long value)
    {
        long step = Math.Max(1, totalBytes / 100);
        long told = Interlocked.Read(ref _told);
        if (value - told < step || Interlocked.CompareExchange(ref _told, value, told) != told)
            return;
        mailbox.Post(new CheckProgressMessage(session, (double)value / Math.Max(1, totalBytes)));
    }
}
