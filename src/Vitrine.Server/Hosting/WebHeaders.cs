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

    public static void UseWebHeaders(this IApplicationBuilder app) => app.Use((context, next) =>
    {
        var headers = context.Response.Headers;
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers.ContentSecurityPolicy = Nothing;
        return next(context);
    });

    public static void SetForPage(IHeaderDictionary headers)
    {
        headers.ContentSecurityPolicy = Page;
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
    }
}
