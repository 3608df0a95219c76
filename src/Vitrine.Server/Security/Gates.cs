using Microsoft.AspNetCore.Authorization;
using Microsoft.Net.Http.Headers;
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
        else if (!IsUtf8(context.Request))
            await Problems.WriteAsync(context, Problems.NotJson);
        else
            await next(context);
    });

    /// <summary>Anonymous, and open before set-up.</summary>
    public static TBuilder OpenToAnybody<TBuilder>(this TBuilder builder) where TBuilder : IEndpointConventionBuilder =>
        builder.WithMetadata(new AllowAnonymousAttribute(), new OpenBeforeSetUp());

    private static Problem? Refusal(HttpRequest request) =>
        request.Headers[Header] != "1" ? Problems.HeaderMissing : CrossSite.Is(request) ? Problems.CrossSite : null;

    /// <summary>JSON has one encoding. The framework would take some others, and fail over a name that it does not know.</summary>
    private static bool IsUtf8(HttpRequest request) =>
        !MediaTypeHeaderValue.TryParse(request.ContentType, out var type) || !type.Charset.HasValue
        || HeaderUtilities.RemoveQuotes(type.Charset).Equals("utf-8", StringComparison.OrdinalIgnoreCase);

    public static bool IsUnsafe(string method) => !(HttpMethods.IsGet(method) || HttpMethods.IsHead(method) || HttpMethods.IsOptions(method));
}
