using CcBt.Core.Storage;

namespace CcBt.Core.Session;

/// <summary>What is done when a session's files are closed: the state to save (null: none), and whether state and files are deleted.</summary>
internal sealed record StoreClosure(ResumeData? Resume, SessionEnd End);
