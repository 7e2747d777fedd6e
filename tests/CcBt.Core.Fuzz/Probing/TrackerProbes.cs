using System.Text.Json;
using CcBt.Core.Metainfo;
using CcBt.Core.Trackers;

namespace CcBt.Core.Fuzz.Probing;

/// <summary>Questions of trackers.</summary>
internal static class TrackerProbes
{
    public static Action<Utf8JsonWriter> Response(ProbeQuestion question)
    {
        byte[] input = question.Input;
        AnnounceReply reply = question.Text("protocol", "http") switch
        {
            "http" => HttpAnnounceReply.TryParse(input, out AnnounceReply http, out string? error) ? http : throw new ProbeException(error!),
            "udp" => Udp(input, false),
            "udp6" => Udp(input, true),
            _ => throw new ProbeException("'protocol' must be http, udp or udp6."),
        };
        return JsonFields.Object(json => Write(json, reply));
    }

    public static Action<Utf8JsonWriter> Url(ProbeQuestion question)
    {
        string text = question.Text("text"), use = question.Text("use", "tracker");
        if (use == "web-seed")
        {
            string seed = UrlRules.TryWebSeed(text, out string accepted) ? accepted : throw new ProbeException("It is no http or https URL.");
            return JsonFields.Object(json => json.WriteString("text", seed));
        }
        TrackerUrl url = use switch
        {
            "tracker" => TrackerUrl.TryParse(text, out TrackerUrl? tracker, out TrackerUrlError error) ? tracker : throw new ProbeException($"The URL is refused: {error}."),
            "redirect" => TrackerUrl.TryParseRedirect(text, out TrackerUrl? redirect) ? redirect : throw new ProbeException("The redirect is refused."),
            _ => throw new ProbeException("'use' must be tracker, redirect or web-seed."),
        };
        bool? allowed = question.Has("address") ? url.IsAllowedTarget(Addressing.AddressClasses.Classify(question.Address("address"))) : null;
        return JsonFields.Object(json => Write(json, url, allowed));
    }

    private static AnnounceReply Udp(byte[] input, bool isV6)
    {
        if (!UdpTrackerPackets.TryReadHeader(input, out int action, out _))
            throw new ProbeException("The datagram is too short.");
        if (action == UdpTrackerPackets.ActionError)
            return new AnnounceReply { FailureReason = UdpTrackerPackets.ReadError(input) };
        return action == UdpTrackerPackets.ActionAnnounce && UdpTrackerPackets.TryReadAnnounce(input, isV6, out AnnounceReply reply)
            ? reply
            : throw new ProbeException("The datagram answers no announce.");
    }

    private static void Write(Utf8JsonWriter json, AnnounceReply reply)
    {
        json.WriteString("failureReason", reply.FailureReason);
        json.WriteString("warning", reply.Warning);
        json.Number("retryInSeconds", (long?)reply.RetryIn?.TotalSeconds);
        json.WriteBoolean("neverRetry", reply.NeverRetry);
        json.Number("intervalSeconds", (long?)reply.Interval?.TotalSeconds);
        json.Number("minIntervalSeconds", (long?)reply.MinInterval?.TotalSeconds);
        json.Number("seeds", reply.Seeds);
        json.Number("leeches", reply.Leeches);
        json.Hex("trackerId", reply.TrackerId.Span);
        json.WriteString("externalAddress", reply.ExternalAddress?.ToIPAddress().ToString());
        json.Addresses("peers", reply.Peers);
    }

    private static void Write(Utf8JsonWriter json, TrackerUrl url, bool? allowed)
    {
        json.WriteString("scheme", url.Scheme.ToString().ToLowerInvariant());
        json.WriteString("host", url.Host);
        json.WriteNumber("port", url.Port);
        json.WriteString("pathAndQuery", url.PathAndQuery);
        json.WriteString("userInfo", url.UserInfo);
        json.WriteString("text", url.Text);
        if (allowed is { } may)
            json.WriteBoolean("allowed", may);
    }
}
