using CcBt.Core.Storage;

namespace CcBt.Core.Session;

/// <summary>What is done when a session's files are closed: the state to save (null: none), whether state and
/// files are deleted, and what the files are where they are not open.</summary>
internal sealed record StoreClosure(ResumeData? Resume, SessionEnd End, StoreOrder? Files = null);
