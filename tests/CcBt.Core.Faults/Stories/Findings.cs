namespace CcBt.Core.Faults.Stories;

/// <summary>What broke of that which must hold after every fault. Thread-safe.</summary>
internal sealed class Findings
{
    private const int MostNotes = 20;

    private readonly List<string> _notes = [];
    private int _wrong, _pieces, _torrents, _hung, _leaked, _broken;

    public bool IsClean => (_wrong | _pieces | _torrents | _hung | _leaked | _broken) == 0;

    public IReadOnlyList<string> Notes
    {
        get
        {
            lock (_notes)
                return [.. _notes];
        }
    }

    /// <summary>Pieces are claimed and are not what they should be, or were served so.</summary>
    public void Wrong(int pieces, string where) => Add(ref _wrong, pieces, where);

    /// <summary>Pieces that were reported saved are not had after a restart.</summary>
    public void LostPieces(int pieces, string where) => Add(ref _pieces, pieces, where);

    public void LostTorrents(int torrents, string where) => Add(ref _torrents, torrents, where);

    /// <summary>Something did not end, or not within its bound.</summary>
    public void Hung(string where) => Add(ref _hung, 1, where);

    /// <summary>Files or sockets are still open.</summary>
    public void Leaked(int handles, string where) => Add(ref _leaked, handles, where);

    /// <summary>Something else is not as it was promised.</summary>
    public void Require(bool holds, string otherwise) => Add(ref _broken, holds ? 0 : 1, otherwise);

    public override string ToString()
        => $"claimed wrong {_wrong}, lost pieces {_pieces}, lost torrents {_torrents}, hung {_hung}, leaked {_leaked}, else {_broken}";

    private void Add(ref int count, int by, string note)
    {
        if (by == 0)
            return;
        lock (_notes)
        {
            count += by;
            if (_notes.Count < MostNotes)
                _notes.Add(note);
        }
    }
}
