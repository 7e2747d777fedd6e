namespace CcBt.Core.Simulation.Time;

/// <summary>Something that must hold did not; the message carries the seed that shows it again.</summary>
internal sealed class SimulationException(string message, Exception? inner = null) : Exception(message, inner);
