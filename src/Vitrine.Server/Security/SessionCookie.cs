namespace Vitrine.Server.Security;

/// <summary>The cookie that carries a session's token: host only, never for scripts, and bound to HTTPS where the request came over it.</summary>
internal static class SessionCookie
{
    public const string PlainName = "vitrine";
    public const string SecureName = "__Host-vitrine";

    /// <summary>A token has 43 characters; a longer value is none.</summary>
    private const int MaxLength = 64;

    public static string? Read(HttpRequest request) =>
        request.Cookies[Name(request)] is { Length: > 0 and <= MaxLength } token ? token : null;

    public static void Set(HttpContext context, string token, TimeSpan lifetime) =>
        context.Response.Cookies.Append(Name(context.Request), token, Options(context.Request, lifetime));

    public static void Clear(HttpContext context) =>
        context.Response.Cookies.Delete(Name(context.Request), Options(context.Request, null));

    /// <summary>Installations beneath several paths of one host share its cookies, so each has a name of its own.</summary>
    private static string Name(HttpRequest request)
    {
        var name = request.IsHttps ? SecureName : PlainName;
        return request.PathBase.HasValue ? name + request.PathBase.Value.Replace('/', '-') : name;
    }

    private static CookieOptions Options(HttpRequest request, TimeSpan? lifetime) =>
        new() { HttpOnly = true, SameSite = SameSiteMode.Lax, Secure = request.IsHttps, Path = "/", MaxAge = lifetime };
}
