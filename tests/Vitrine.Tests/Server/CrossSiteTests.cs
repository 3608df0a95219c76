using Microsoft.AspNetCore.Http;
using Vitrine.Server.Security;

namespace Vitrine.Tests.Server;

/// <summary>What browsers say of the page that sends a request, and what is made of it.</summary>
public sealed class CrossSiteTests
{
    [Theory]
    [InlineData("same-origin", "https://evil.test", false)]
    [InlineData("none", null, false)]
    [InlineData("cross-site", null, true)]
    [InlineData("cross-site", "http://photos.test", true)]
    [InlineData("same-site", "http://photos.test", true)]
    [InlineData("Same-Origin", null, true)]
    [InlineData("", null, true)]
    [InlineData("same-origin, cross-site", null, true)]
    public void The_browsers_word_of_the_site_decides(string site, string? origin, bool foreign) =>
        Assert.Equal(foreign, CrossSite.Is(Request("http", "photos.test", origin, site)));

    [Theory]
    [InlineData("http", "photos.test", null, false)]
    [InlineData("http", "photos.test", "http://photos.test", false)]
    [InlineData("http", "PHOTOS.test", "http://photos.TEST", false)]
    [InlineData("http", "photos.test:80", "http://photos.test", false)]
    [InlineData("http", "photos.test:8190", "http://photos.test:8190", false)]
    [InlineData("http", "[::1]:8190", "http://[::1]:8190", false)]
    [InlineData("https", "photos.test", "https://photos.test", false)]
    [InlineData("http", "photos.test", "https://photos.test", false)]
    [InlineData("https", "photos.test", "http://photos.test", true)]
    [InlineData("http", "photos.test", "http://photos.test:8080", true)]
    [InlineData("http", "photos.test:8190", "http://photos.test", true)]
    [InlineData("http", "photos.test", "http://evil.test", true)]
    [InlineData("http", "photos.test", "http://photos.test.evil.test", true)]
    [InlineData("http", "photos.test", "http://photos.test@evil.test", true)]
    [InlineData("http", "photos.test", "http://evil.test/photos.test", true)]
    [InlineData("http", "photos.test", "http://photos.test/", true)]
    [InlineData("http", "photos.test", "http://photos.test#", true)]
    [InlineData("http", "photos.test", "ftp://photos.test", true)]
    [InlineData("http", "photos.test", "//photos.test", true)]
    [InlineData("http", "photos.test", "photos.test", true)]
    [InlineData("http", "photos.test", "http://photos.test:80", false)]
    [InlineData("https", "photos.test", "https://photos.test:443", false)]
    [InlineData("http", "photos.test:80", "https://photos.test", true)]
    // The framework's parser of addresses fails over this one.
    [InlineData("http", "photos.test", "//\u202e", true)]
    [InlineData("http", "photos.test", "null", true)]
    [InlineData("http", "photos.test", "", true)]
    [InlineData("http", "photos.test", "http://photos.test,http://evil.test", true)]
    [InlineData("http", "", "http://photos.test", true)]
    public void Without_it_the_origin_has_to_be_the_address_that_was_asked(string scheme, string host, string? origin, bool foreign) =>
        Assert.Equal(foreign, CrossSite.Is(Request(scheme, host, origin, site: null)));

    private static HttpRequest Request(string scheme, string host, string? origin, string? site)
    {
        var request = new DefaultHttpContext().Request;
        (request.Scheme, request.Host) = (scheme, new(host));
        if (origin is not null) request.Headers.Origin = origin;
        if (site is not null) request.Headers[CrossSite.SiteHeader] = site;
        return request;
    }
}
