using System.Net;
using Fovea.Data.Transfer;

namespace Fovea.Data.Tests.Transfer;

public sealed class FollowRedirectsTests
{
    [Theory]
    [InlineData(301)]
    [InlineData(302)]
    [InlineData(303)]
    [InlineData(307)]
    [InlineData(308)]
    public void Redirects_of_every_kind_lead_on(int status)
    {
        var asked = new List<string>();
        using var answer = Ask("https://a/x?y=1", uri =>
        {
            asked.Add(uri.AbsoluteUri);
            return uri.Host == "a" ? (status, "https://b/z?sign=%2B") : (200, null);
        });
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(["https://a/x?y=1", "https://b/z?sign=%2B"], asked);
    }

    [Fact]
    public void Relative_places_are_those_of_the_server_that_redirects()
    {
        using var answer = Ask("http://a:81/x/y", uri => uri.AbsolutePath == "/x/y" ? (302, "z") : (uri.AbsoluteUri == "http://a:81/x/z" ? 200 : 404, null));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public void What_a_hub_says_of_a_file_stands_with_the_last_answer()
    {
        using var answer = Ask("https://hub/x", uri => uri.Host == "hub" ? (302, "https://files/x") : (200, null));
        Assert.Equal(new LinkedFile(new string('a', 64), 12), LinkedFile.Of(answer.Headers));
    }

    [Theory]
    [InlineData("https://a/", "http://b/x", "https://a/: the server redirects from https to http (b); wanted an address where the file is")]
    [InlineData("http://a/", "ftp://b/x", "http://a/: the server redirects to ftp:, which is not http(s); wanted an address where the file is")]
    [InlineData("http://a/", null, "http://a/: the server redirects to nowhere; wanted an address where the file is")]
    [InlineData("http://a/", "http://a/", "http://a/: the server redirects for the 11th time; wanted an address where the file is")]
    public void Redirect_that_leads_astray_is_refused(string from, string? to, string message)
    {
        var e = Assert.Throws<TransferException>(() => Ask(from, _ => (302, to)));
        Assert.Equal(message, e.Message);
    }

    private static HttpResponseMessage Ask(string address, Func<Uri, (int Status, string? Location)> answers)
    {
        using var asking = new HttpMessageInvoker(new FollowRedirects(new Answers(answers)));
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        return asking.SendAsync(request, TestContext.Current.CancellationToken).GetAwaiter().GetResult();
    }

    private sealed class Answers(Func<Uri, (int Status, string? Location)> of) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var (status, location) = of(request.RequestUri!);
            var response = new HttpResponseMessage((HttpStatusCode)status);
            if (location is not null) response.Headers.Location = new Uri(location, UriKind.RelativeOrAbsolute);
            if (request.RequestUri!.Host == "hub")
            {
                response.Headers.TryAddWithoutValidation("X-Linked-ETag", $"\"{new string('A', 64)}\"");
                response.Headers.TryAddWithoutValidation("X-Linked-Size", "12");
            }

            return Task.FromResult(response);
        }
    }
}
