namespace CcBt.Core.Session;

/// <summary>The way to the owner. Any thread may post; nothing waits.</summary>
internal interface IMailbox
{
    /// <summary>Hands a message to the owner. False once the client is closed.</summary>
    bool Post(ClientMessage message);
}
