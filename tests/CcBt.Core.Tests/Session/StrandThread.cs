namespace CcBt.Core.Tests.Session;

/// <summary>A thread on which strands run, one after the other, whenever the baton is handed to it.</summary>
internal sealed class StrandThread
{
    private readonly SemaphoreSlim _wake = new(0);
    private readonly Baton _baton;

    public StrandThread(Baton baton)
    {
        _baton = baton;
        new Thread(Loop, 256 * 1024) { IsBackground = true }.Start();
    }

    public Strand? Strand { get; set; }

    public void Wake() => _wake.Release();

    public void AwaitBaton() => _wake.Wait();

    private void Loop()
    {
        while (true)
        {
            AwaitBaton();
            if (Strand is not { } strand) return;
            Exception? error = Record.Exception(strand.Body);
            _baton.End(strand, error);
        }
    }
}
