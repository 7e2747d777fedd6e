namespace CcBt.Core.Floods.Attacks;

/// <summary>One way to trouble a client.</summary>
internal interface IFlood
{
    /// <summary>The word that chooses it on the command line.</summary>
    string Name { get; }

    /// <summary>Opens the library on the field, floods it and says what came of it.</summary>
    Task<FloodRow> RunAsync(FloodField field);
}
