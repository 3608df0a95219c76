using Microsoft.AspNetCore.Authorization;
using Vitrine.Server.Hosting;

namespace Vitrine.Server.Security;

/// <summary>Marks the few routes that work before an Admin exists.</summary>
internal sealed class OpenBeforeSetUp;

/// <summary>What stands before every endpoint beside sign-in: set-up comes first, and no other site may change anything.</summary>
internal static class Gates
{
    /// <summary>No form and no image of another site can send it; a script of another site is stopped by the browser's preflight.</summary>
    public const string Header = "X-Vitrine";

    public static IApplicationBuilder UseGates(this IApplicationBuilder app) => app.Use(async (context, next) =>
    {
        if (OwnerSocket.IsOver(context))
        {
            await next(context);
            return;
        }
        var endpoint = context.GetEndpoint();
        var setUp = context.RequestServices.GetRequiredService<SetUp>();
        if (endpoint?.Metadata.GetMetadata<OpenBeforeSetUp>() is null && await setUp.IsNeededAsync(context.RequestAborted))
            await Problems.WriteAsync(context, Problems.SetUpNeeded);
        else if (IsUnsafe(context.Request.Method) && ApiKeys.Read(context.Request) is null && Refusal(context.Request) is { } refusal)
            await Problems.WriteAsync(context, refusal);
        else
            await next(context);
    });

    /// <summary>Anonymous, and open before set-up.</summary>
    public static TBuilder OpenToAnybody<TBuilder>(this TBuilder builder) where TBuilder : IEndpointConventionBuilder =>
        builder.WithMetadata(new AllowAnonymousAttribute(), new OpenBeforeSetUp());

    /// <summary>
    /// Two looks, each enough by itself: at the header, and at where the browser says that the request comes from. Behind a proxy that ends TLS the scheme is
    /// not known here, so that the names alone are compared.
    /// </summary>
    private static Problem? Refusal(HttpRequest request)
    {
        if (request.Headers[Header] != "1") return Problems.HeaderMissing;
        var site = request.Headers["Sec-Fetch-Site"].ToString();
        if (site.Length > 0) return site is "same-origin" or "none" ? null : Problems.OtherSite;
        var origin = request.Headers.Origin.ToString();
        return origin.Length == 0 || Uri.TryCreate(origin, UriKind.Absolute, out var from) && IsHere(from, request.Host) ? null : Problems.OtherSite;
    }

    private static bool IsHere(Uri from, HostString host) =>
        string.Equals(from.IdnHost, host.Host.Trim('[', ']'), StringComparison.OrdinalIgnoreCase) && from.Port == (host.Port ?? (from.IsDefaultPort ? from.Port : 0));

    public static bool IsUnsafe(string method) => !(HttpMethods.IsGet(method) || HttpMethods.IsHead(method) || HttpMethods.IsOptions(method));
}
