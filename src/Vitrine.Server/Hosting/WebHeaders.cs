using System.Security.Cryptography;

namespace Vitrine.Server.Hosting;

/// <summary>
/// What every answer says to a browser: its type is what we say, nobody frames it, and it loads nothing, whoever's bytes it carries. The page's files and originals
/// say more of themselves instead.
/// </summary>
internal static class WebHeaders
{
    private const string Nothing = "default-src 'none'; frame-ancestors 'none'";

    /// <summary>
    /// Scripts and styles are files of our own and never inline, so that a name that got into the page as markup would still do nothing and look like nothing. (What
    /// the page's own script sets on an element is no inline style.)
    /// </summary>
    private const string Page =
        "default-src 'self'; script-src 'self'; object-src 'none'; img-src 'self' data: blob:; style-src 'self'; frame-ancestors 'none'; base-uri 'self'; form-action 'self'";

    /// <summary>The reference of the API is a page of another's making: one script stands in it, named by a word of this answer alone, and it writes its own styles.</summary>
    private const string Reference =
        "default-src 'self'; script-src 'self' 'nonce-{nonce}'; object-src 'none'; img-src 'self' data:; font-src 'self' data:; style-src 'self' 'unsafe-inline'; frame-ancestors 'none'; base-uri 'self'; form-action 'self'";

    /// <summary>128 bits, hexadecimal.</summary>
    private const int NonceLength = 32;

    public static void UseWebHeaders(this IApplicationBuilder app) => app.Use((context, next) =>
    {
        var headers = context.Response.Headers;
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers.ContentSecurityPolicy = Nothing;
        return next(context);
    });

    /// <returns>The word that the page has to name its script by.</returns>
    public static string SetForReference(HttpContext context)
    {
        var nonce = RandomNumberGenerator.GetHexString(NonceLength, lowercase: true);
        SetForPage(context.Response.Headers);
        context.Response.Headers.ContentSecurityPolicy = Reference.Replace("{nonce}", nonce, StringComparison.Ordinal);
        return nonce;
    }

    public static void SetForPage(IHeaderDictionary headers)
    {
        headers.ContentSecurityPolicy = Page;
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
    }
}
