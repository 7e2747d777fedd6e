using CcBt.Core.Storage;
using CcBt.Core.Wire;

namespace CcBt.Core.Session;

/// <summary>A session's files as the owner uses them. No call waits: slow work is begun here and answered by a message.</summary>
internal interface ISessionStore
{
    /// <summary>Where uploads are read from.</summary>
    IBlockSource Source { get; }

    /// <summary>The place for a block. Without room in the write budget, <see cref="StoreRoomMessage"/> says when to ask again.</summary>
    BlockPlace Place(in BlockAddress block, out IBlockDestination? destination);

    /// <summary>Gives up an incomplete piece.</summary>
    void ReleasePiece(int piece);

    /// <summary>Has the coming verdicts on the piece carry the hashes of its blocks, until it is good.</summary>
    void WantBlockHashes(int piece);

    /// <summary>Compares the files with the piece hashes; answered by <see cref="CheckEndedMessage"/>, with <see cref="CheckProgressMessage"/> on the way.</summary>
    void BeginCheck();

    /// <summary>Ends a check early; it is answered all the same.</summary>
    void StopCheck();

    /// <summary>Checks one file again; answered by <see cref="FileCheckedMessage"/>.</summary>
    void BeginCheckFile(int file);

    /// <summary>Puts a choice of files in force, moving data to files that were newly chosen; answered by <see cref="StoreSelectedMessage"/>.</summary>
    void BeginSelect(IReadOnlyList<bool> wantedFiles);

    /// <summary>Flushes written data to the disk, then saves the state with what is durable; answered by <see cref="StateSavedMessage"/>.</summary>
    void BeginSave(ResumeData resume);

    /// <summary>Every wanted piece is there: gives the files their final shape and flushes; answered by <see cref="StoreFlushedMessage"/>.</summary>
    void BeginFinish(IReadOnlyList<bool> wantedFiles);

    /// <summary>Closes file handles; they open again at the next access.</summary>
    void CloseHandles();
}
