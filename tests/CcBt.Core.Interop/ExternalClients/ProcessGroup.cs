using System.Runtime.InteropServices;

namespace CcBt.Core.Interop.ExternalClients;

/// <summary>Signals to a process and all that it has started.</summary>
internal static partial class ProcessGroup
{
    private const int Interrupt = 2;
    private const int Kill = 9;
    private const int Terminate = 15;

    public static void SendInterrupt(int leader) => SendSignal(-leader, Interrupt);

    public static void SendTerminate(int leader) => SendSignal(-leader, Terminate);

    public static void SendKill(int leader) => SendSignal(-leader, Kill);

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int SendSignal(int target, int signal);
}
