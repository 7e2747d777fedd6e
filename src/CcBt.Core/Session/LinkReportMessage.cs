using CcBt.Core.Transport;

namespace CcBt.Core.Session;

/// <summary>What a link gathered since its last report.</summary>
internal sealed class LinkReportMessage(IPeerLink link, PeerReport report) : ClientMessage
{
    public override void Apply(ClientCore core, TimeSpan now)
    {
        core.Links.Reported(link, report, now);
        report.Return();
    }
}
