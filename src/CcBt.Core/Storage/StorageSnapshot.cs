using CcBt.Core.Wire;

namespace CcBt.Core.Storage;

/// <summary>
/// What is durable: the pieces that may be saved as had, with the length and write time of each file (in the layout's order) and of the
/// parts file, by which a later start tells whether somebody touched them.
/// </summary>
internal sealed record StorageSnapshot(PieceSet Have, IReadOnlyList<DiskFileInfo> Files, DiskFileInfo Parts);
