using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using CcBt.Core.Addressing;
using CcBt.Core.Trackers;

namespace CcBt.Core.Transport;

/// <summary>
/// One bounded GET. The request's URI holds the address that was checked, and the Host header the name, so that between check and connect there is no second
/// look-up, and a connection is never shared with a request that was checked otherwise. Thread-safe.
/// </summary>
internal sealed class TrackerHttp(TimeProvider time) : IDisposable
{
    private static readonly string UserAgent = $"CcBt.Core/{typeof(TrackerHttp).Assembly.GetName().Version?.ToString(3) ?? "0"}";
    private const int FirstBytes = 4096;
    private static readonly UriCreationOptions AsItStands = new() { DangerousDisablePathAndQueryCanonicalization = true };

    /// <summary>One handler for each address that requests leave from.</summary>
    private readonly ConcurrentDictionary<PeerAddress, HttpMessageInvoker> _invokers = [];

    /// <summary>Asks <paramref name="address"/> for <paramref name="target"/>; cancellation is the only exception that it throws.</summary>
    public async Task<HttpAnswer> GetAsync(TrackerUrl url, string target, string? userInfo, PeerAddress address, PeerAddress local, CancellationToken cancellationToken)
    {
        try
        {
            using HttpRequestMessage request = Request(url, target, userInfo, address);
            HttpMessageInvoker invoker = _invokers.GetOrAdd(local.WithPort(0), static (from, self) => self.CreateInvoker(from), this);
            using HttpResponseMessage response = await invoker.SendAsync(request, cancellationToken).ConfigureAwait(false);
            int status = (int)response.StatusCode;
            if (status is 301 or 302 or 303 or 307 or 308 && response.Headers.TryGetValues("Location", out IEnumerable<string>? locations))
                return new HttpAnswer { Status = status, Location = locations.First(), Tracker = address };
            return await ReadAsync(response, address, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (cancellationToken.IsCancellationRequested && exception is (HttpRequestException or IOException or SocketException))
        {
            // A cancelled request can also end with the error of the connection that was closed under it.
            throw new OperationCanceledException(exception.Message, exception, cancellationToken);
        }
        catch (HttpRequestException exception)
        {
            bool isConnect = exception.HttpRequestError is HttpRequestError.ConnectionError or HttpRequestError.SecureConnectionError or HttpRequestError.NameResolutionError
                || exception.InnerException is SocketException;
            return HttpAnswer.Failed(isConnect ? TrackerFailure.ConnectFailed : TrackerFailure.InvalidAnswer, exception.Message, address);
        }
        catch (Exception exception) when (exception is IOException or InvalidDataException or SocketException)
        {
            return HttpAnswer.Failed(TrackerFailure.InvalidAnswer, exception.Message, address);
        }
    }

    public void Dispose()
    {
        foreach (HttpMessageInvoker invoker in _invokers.Values)
            invoker.Dispose();
    }

    private static HttpRequestMessage Request(TrackerUrl url, string target, string? userInfo, PeerAddress address)
    {
        string scheme = url.Scheme == TrackerScheme.Https ? "https" : "http";
        var request = new HttpRequestMessage(HttpMethod.Get, new Uri($"{scheme}://{address}{target}", AsItStands));
        request.Headers.TryAddWithoutValidation("Host", url.Authority);
        request.Headers.TryAddWithoutValidation("User-Agent", UserAgent);
        request.Headers.ConnectionClose = true;
        if (userInfo is not null)
        {
            string plain = Convert.ToBase64String(Encoding.UTF8.GetBytes(Uri.UnescapeDataString(userInfo)));
            request.Headers.Authorization = new AuthenticationHeaderValue("Basic", plain);
        }
        return request;
    }

    private HttpMessageInvoker CreateInvoker(PeerAddress local) => new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
        AutomaticDecompression = DecompressionMethods.GZip | DecompressionMethods.Deflate,
        ConnectTimeout = Timeout.InfiniteTimeSpan,
        MaxResponseHeadersLength = 16,
        MaxResponseDrainSize = 0,
        ActivityHeadersPropagator = null,
        ConnectCallback = (context, cancellationToken) => ConnectAsync(context.DnsEndPoint, local, cancellationToken),
    });

    private async ValueTask<Stream> ConnectAsync(DnsEndPoint target, PeerAddress local, CancellationToken cancellationToken)
    {
        IPAddress address = IPAddress.Parse(target.Host);
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            if (!local.IsUnspecified)
                socket.Bind(new IPEndPoint(local.ToIPAddress(), 0));
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(Limits.TrackerConnectSeconds), time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
            try
            {
                await socket.ConnectAsync(new IPEndPoint(address, target.Port), either.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                throw new SocketException((int)SocketError.TimedOut);
            }
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Reads what comes, after decompression, up to the limit; a length that the server claims is not looked at.</summary>
    private async Task<HttpAnswer> ReadAsync(HttpResponseMessage response, PeerAddress address, CancellationToken cancellationToken)
    {
        // In few steps and never beyond the limit, so that the longest answer takes not much more memory than it has bytes.
        byte[] body = new byte[FirstBytes];
        int length = 0;
        TimeSpan readLimit = TimeSpan.FromSeconds(Limits.HttpTrackerReadSeconds);
        using var patience = new CancellationTokenSource(readLimit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        await using Stream stream = await response.Content.ReadAsStreamAsync(either.Token).ConfigureAwait(false);
        while (true)
        {
            if (length == body.Length)
                Array.Resize(ref body, 4 * length < Limits.TrackerAnswerBytes ? 4 * length : Limits.TrackerAnswerBytes + 1);
            patience.CancelAfter(readLimit);
            int read = await stream.ReadAsync(body.AsMemory(length), either.Token).ConfigureAwait(false);
            if (read == 0)
                break;
            length += read;
            if (length > Limits.TrackerAnswerBytes)
                return HttpAnswer.Failed(TrackerFailure.AnswerTooLong, $"The answer is longer than {Limits.TrackerAnswerBytes} bytes.", address);
        }
        return new HttpAnswer
        {
            Status = (int)response.StatusCode,
            Body = body.AsMemory(0, length),
            Tracker = address,
            RetryAfter = response.Headers.RetryAfter?.Delta,
        };
    }
}
