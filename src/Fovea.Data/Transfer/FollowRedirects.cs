using System.Net;
using Fovea.Naming;

namespace Fovea.Data.Transfer;

/// <summary>
/// Follows the redirects of servers, and keeps what is said of the file on the way: a hub of models tells its sum and its length in the answer that leads
/// to the server that has it.
/// </summary>
/// <param name="inner">Makes the connections, and follows nothing.</param>
internal sealed class FollowRedirects(HttpMessageHandler inner) : DelegatingHandler(inner)
{
    private const int Most = 10;

    /// <summary>A connection through the proxies of the environment.</summary>
    public static HttpClient Client() => new(new FollowRedirects(new SocketsHttpHandler { AllowAutoRedirect = false }))
    {
        Timeout = Timeout.InfiniteTimeSpan,
        DefaultRequestHeaders = { { "User-Agent", "fovea" } },
    };

    /// <exception cref="TransferException">A redirect leads nowhere, round in a circle, or from an encrypted connection to one that is not.</exception>
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var told = new List<KeyValuePair<string, IEnumerable<string>>>();
        for (var hops = 0; ; hops++)
        {
            var response = await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
            if (!IsRedirect(response.StatusCode))
            {
                foreach (var (name, values) in told)
                    if (!response.Headers.Contains(name)) response.Headers.TryAddWithoutValidation(name, values);
                return response;
            }

            using (response)
            {
                told.AddRange(response.Headers.Where(header => LinkedFile.IsOne(header.Key)));
                request.RequestUri = Target(request.RequestUri!, response.Headers.Location, hops);
            }
        }
    }

    private static bool IsRedirect(HttpStatusCode status) => status is HttpStatusCode.MovedPermanently or HttpStatusCode.Found or HttpStatusCode.SeeOther
        or HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect;

    private static Uri Target(Uri from, Uri? location, int hops)
    {
        TransferException Fail(string reason) => new(from, reason, "an address where the file is");
        if (location is null) throw Fail("the server redirects to nowhere");
        if (hops == Most) throw Fail($"the server redirects for the {Most + 1}th time");
        var target = location.IsAbsoluteUri ? location : new Uri(from, location);
        if (target.Scheme is not ("http" or "https")) throw Fail($"the server redirects to {Printable.Line(target.Scheme)}:, which is not http(s)");
        return from.Scheme == "https" && target.Scheme == "http"
            ? throw Fail($"the server redirects from https to http ({Printable.Line(target.Host)})")
            : target;
    }
}
