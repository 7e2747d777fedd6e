namespace CcBt.Core.Session;

/// <summary>The way to the owner. Any thread may post; nothing waits.</summary>
internal interface IMailbox
{
    /// <summary>Hands a message to the owner. False once the client is closed.</summary>
    bool Post(ClientMessage message);

    /// <summary>The same for a message that is not worth a wake of its own: it goes with the next one, or when somebody rings.</summary>
    bool PostLater(ClientMessage message) => Post(message);

    /// <summary>Has the owner take what was posted for later. Whoever posts for later must ring before it waits.</summary>
    void Ring()
    {
    }
}
