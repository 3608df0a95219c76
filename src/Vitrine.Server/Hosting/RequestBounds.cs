using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Vitrine.Server.Hosting;

/// <summary>
/// How large a request may be. The web server itself ends what is more than twice as large, with a bare status, before it becomes a request; what is between gets
/// an answer in the API's own shape.
/// </summary>
internal static class RequestBounds
{
    public static void ApplyTo(KestrelServerLimits limits, ServerOptions options)
    {
        limits.MaxRequestBodySize = options.MaxBodyBytes;
        limits.MaxRequestLineSize = 2 * options.MaxUrlBytes;
        limits.MaxRequestHeadersTotalSize = 2 * options.MaxHeaderBytes;
        limits.MaxRequestHeaderCount = 2 * options.MaxHeaders;
        limits.MaxConcurrentConnections = options.MaxConnections;
        limits.Http2.MaxRequestHeaderFieldSize = 2 * options.MaxHeaderBytes;
    }

    public static void UseRequestBounds(this IApplicationBuilder app)
    {
        var options = app.ApplicationServices.GetRequiredService<ServerOptions>();
        app.Use((context, next) => ProblemOf(context, options) is { } status ? Problems.WriteAsync(context, Problems.ForStatus(status)) : next(context));
    }

    private static int? ProblemOf(HttpContext context, ServerOptions options)
    {
        if (context.Features.Get<IHttpRequestFeature>() is { RawTarget.Length: var length } && length > options.MaxUrlBytes) return StatusCodes.Status414UriTooLong;
        if (context.Request.ContentLength > options.MaxBodyBytes) return StatusCodes.Status413PayloadTooLarge;
        var (count, bytes) = (0, 0L);
        foreach (var (name, values) in context.Request.Headers)
        {
            foreach (var value in values) (count, bytes) = (count + 1, bytes + name.Length + (value?.Length ?? 0));
        }
        return count > options.MaxHeaders || bytes > options.MaxHeaderBytes ? StatusCodes.Status431RequestHeaderFieldsTooLarge : null;
    }
}
