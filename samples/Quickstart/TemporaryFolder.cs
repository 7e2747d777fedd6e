using System.Runtime.InteropServices;

namespace CcBt.Quickstart;

/// <summary>A folder that is gone at the end, also after Ctrl+C.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    private readonly PosixSignalRegistration _interrupt;
    private readonly string _path = Directory.CreateTempSubdirectory("ccbt-quickstart-").FullName;

    public TemporaryFolder()
    {
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Delete();
        // Without a handler the signal would end the process at once, and leave the folder.
        _interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, context =>
        {
            context.Cancel = true;
            Environment.Exit(1);
        });
    }

    public string this[string name] => Path.Combine(_path, name);

    public void Dispose()
    {
        _interrupt.Dispose();
        Delete();
    }

    private void Delete()
    {
        try
        {
            Directory.Delete(_path, recursive: true);
        }
        catch (IOException)
        {
            // It is gone already, or a file in it is still open in a process that is being ended.
        }
    }
}
