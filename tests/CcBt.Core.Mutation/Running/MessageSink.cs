using Xunit.Abstractions;

namespace CcBt.Core.Mutation.Running;

/// <summary>Takes the messages of one discovery or run; the run ends at the first failure.</summary>
internal sealed class MessageSink : LongLivedMarshalByRefObject, IMessageSink, IDisposable
{
    private readonly ManualResetEventSlim _ended = new();

    public List<ITestCase> Found { get; } = [];

    /// <summary>The first test that failed; null: none.</summary>
    public string? Failed { get; private set; }

    public bool OnMessage(IMessageSinkMessage message)
    {
        switch (message)
        {
            case ITestCaseDiscoveryMessage discovered:
                Found.Add(discovered.TestCase);
                break;
            case ITestFailed failed:
                Failed ??= failed.Test.DisplayName;
                break;
            case ITestClassCleanupFailure or ITestCollectionCleanupFailure or ITestCleanupFailure or IErrorMessage:
                Failed ??= message.GetType().Name;
                break;
            case IDiscoveryCompleteMessage or ITestAssemblyFinished:
                _ended.Set();
                break;
        }
        return Failed is null;
    }

    public void Wait() => _ended.Wait();

    public void Dispose() => _ended.Dispose();
}
