using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;

namespace CcBt.Core.Tests.Documents;

/// <summary>What docs/observe.md shows.</summary>
internal static class ObservePage
{
    public static async Task<TorrentClient> LogAsync(ILoggerFactory loggerFactory, CancellationToken cancellationToken)
    {
        return await TorrentClient.OpenAsync(new TorrentClientOptions { LoggerFactory = loggerFactory }, cancellationToken);
    }

    public static MeterListener Measure()
    {
        var listener = new MeterListener
        {
            InstrumentPublished = (instrument, self) =>
            {
                if (instrument.Meter.Name == "CcBt.Core")
                    self.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Console.WriteLine($"{instrument.Name} +{value}"));
        listener.Start();
        return listener;
    }

    public static ActivityListener Trace()
    {
        var traces = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "CcBt.Core",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = activity => Console.WriteLine($"{activity.OperationName}: {activity.Status}, {activity.Duration}"),
        };
        ActivitySource.AddActivityListener(traces);
        return traces;
    }
}
