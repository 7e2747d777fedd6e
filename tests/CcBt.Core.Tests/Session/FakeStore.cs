using CcBt.Core.Session;
using CcBt.Core.Storage;
using CcBt.Core.Wire;

namespace CcBt.Core.Tests.Session;

/// <summary>Files that are not there: what is asked of them is written down, and the test answers.</summary>
internal sealed class FakeStore(SessionCore session, IMailbox mailbox) : ISessionStore, IBlockSource
{
    public List<string> Calls { get; } = [];

    public List<ResumeData> Saved { get; } = [];

    /// <summary>Saves and choices of files are answered at once.</summary>
    public bool Answers { get; set; } = true;

    public IBlockSource Source => this;

    public BlockPlace Place(in BlockAddress block, out IBlockDestination? destination)
    {
        destination = null;
        return BlockPlace.NoRoom;
    }

    public void ReleasePiece(int piece) => Calls.Add("release");

    public void WantBlockHashes(int piece) => Calls.Add("digests");

    public void BeginCheck() => Calls.Add("check");

    public void StopCheck() => Calls.Add("stop check");

    public void BeginCheckFile(int file) => Calls.Add("check file");

    public void BeginSelect(IReadOnlyList<bool> wantedFiles)
    {
        Calls.Add("select " + string.Concat(wantedFiles.Select(w => w ? '1' : '0')));
        if (Answers)
            mailbox.Post(new StoreSelectedMessage(session, null));
    }

    public void BeginSave(ResumeData resume)
    {
        Calls.Add("save");
        Saved.Add(resume);
        if (Answers)
            mailbox.Post(new StateSavedMessage(session, null));
    }

    public void BeginFinish(IReadOnlyList<bool> wantedFiles)
    {
        Calls.Add("finish " + string.Concat(wantedFiles.Select(w => w ? '1' : '0')));
        if (Answers)
            mailbox.Post(new StoreFlushedMessage(session, null));
    }

    public void CloseHandles() => Calls.Add("close handles");

    public void CheckEnded(PieceSet? have, Exception? error = null) => mailbox.Post(new CheckEndedMessage(session, this, have, error));

    public bool Has(int piece) => false;

    public bool TryRead(in BlockAddress block, Span<byte> destination) => false;
}
