using System.Globalization;

namespace Vitrine.Server.Security;

/// <summary>
/// Whether a browser sends a request for a page of another site. Scripts cannot write either header that says so; what sends none of them is no
/// browser, and has no cookie that somebody else could borrow.
/// </summary>
internal static class CrossSite
{
    public const string SiteHeader = "Sec-Fetch-Site";

    public static bool Is(HttpRequest request)
    {
        var site = request.Headers[SiteHeader];

        // "none" is a person's own doing: an address typed in, a bookmark. "same-site" is another origin, whoever owns it.
        if (site.Count > 0) return site is not ["same-origin" or "none"];

        // Over plain HTTP beyond loopback browsers send no word of the site, but always the origin.
        var origin = request.Headers.Origin;
        return origin.Count > 0 && !IsOurs(origin.ToString(), request);
    }

    /// <summary>
    /// The host and port that the request itself was sent to. Over plain HTTP the scheme may be either: a proxy that ends TLS is not known here.
    /// </summary>
    private static bool IsOurs(string origin, HttpRequest request) =>
        IsAt(origin, "https://", 443, request.Host) || (!request.IsHttps && IsAt(origin, "http://", 80, request.Host));

    /// <summary>Compared as text, with the scheme's own port said or not: nothing of what a stranger sends has to be an address.</summary>
    private static bool IsAt(string origin, string scheme, int usualPort, HostString host)
    {
        if (!host.HasValue || !origin.StartsWith(scheme, StringComparison.OrdinalIgnoreCase)) return false;
        var (page, port) = (origin[scheme.Length..], host.Port ?? usualPort);
        return string.Equals(page, string.Create(CultureInfo.InvariantCulture, $"{host.Host}:{port}"), StringComparison.OrdinalIgnoreCase)
            || (port == usualPort && string.Equals(page, host.Host, StringComparison.OrdinalIgnoreCase));
    }
}
