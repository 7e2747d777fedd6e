using CcBt.Core.Swarm;

namespace CcBt.Core.Tests.Swarm;

internal static class Outputs
{
    /// <summary>Takes everything that the swarm has to say.</summary>
    public static List<SwarmOutput> Of(TorrentSwarm swarm)
    {
        List<SwarmOutput> outputs = [];
        while (swarm.TryTake(out SwarmOutput output))
            outputs.Add(output);
        return outputs;
    }
}
