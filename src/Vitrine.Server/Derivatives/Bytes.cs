using Microsoft.Net.Http.Headers;
using Vitrine.Server.Hosting;

namespace Vitrine.Server.Derivatives;

/// <summary>
/// Answers that are bytes with a validator. The plain request for a small file, and the plain question whether it is still the same, are answered here;
/// ranges, HEAD and every other condition come from the framework.
/// </summary>
internal static class Bytes
{
    public const string AskFirst = "private, no-cache";
    public const string DoNotKeep = "no-store";

    public static readonly string[] Methods = [HttpMethods.Get, HttpMethods.Head];

    /// <summary>The validator of bytes with this hash (ETag): it names what is meant in all that is asked here.</summary>
    public static string Tag(string hash) => $"\"{hash}\"";

    /// <summary>Whether the request says that it has the bytes, and says nothing else that could want them all the same.</summary>
    public static bool Has(HttpRequest request, string tag)
    {
        var given = request.Headers.IfNoneMatch;
        if (given.Count == 0 || !IsPlain(request)) return false;
        return given is [{ } one] && one == tag || request.GetTypedHeaders().IfNoneMatch.Any(kept => kept == EntityTagHeaderValue.Any || kept.Tag == tag);
    }

    /// <summary>The answer to who <see cref="Has"/> the bytes.</summary>
    public static IResult Unchanged(string tag) => new NotModified(tag);

    public static IResult Send(HttpContext context, Stream content, string contentType, string? tag, bool ranges)
    {
        if (tag is not null && Has(context.Request, tag))
        {
            content.Dispose();
            return Unchanged(tag);
        }
        var stream = TypedResults.Stream(content, contentType, entityTag: tag is null ? null : new EntityTagHeaderValue(tag), enableRangeProcessing: ranges);
        return IsPlain(context.Request) ? stream : new Conditional(stream);
    }

    /// <param name="sent">Called once the bytes are no longer needed.</param>
    public static IResult Send(HttpContext context, ReadOnlyMemory<byte> content, Action sent, string contentType, string tag)
    {
        if (IsPlain(context.Request) && context.Request.Headers.IfNoneMatch.Count == 0) return new Whole(content, sent, contentType, tag);
        var copy = content.ToArray();
        sent();
        return Send(context, new MemoryStream(copy, writable: false), contentType, tag, ranges: true);
    }

    private static bool IsPlain(HttpRequest request)
    {
        var headers = request.Headers;
        return HttpMethods.IsGet(request.Method) && headers.Range.Count == 0 && headers.IfMatch.Count == 0 && headers.IfModifiedSince.Count == 0
            && headers.IfUnmodifiedSince.Count == 0;
    }

    /// <summary>A condition that does not hold, or a range outside the file: the framework leaves an empty answer of the file's type, and here it gets its code.</summary>
    private sealed class Conditional(IResult stream) : IResult
    {
        public async Task ExecuteAsync(HttpContext httpContext)
        {
            await stream.ExecuteAsync(httpContext);
            var response = httpContext.Response;
            if (response.StatusCode < StatusCodes.Status400BadRequest || response.HasStarted) return;
            response.ContentLength = null;
            await Problems.WriteAsync(httpContext, Problems.ForStatus(response.StatusCode));
        }
    }

    private sealed class NotModified(string tag) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.StatusCode = StatusCodes.Status304NotModified;
            httpContext.Response.Headers.ETag = tag;
            return Task.CompletedTask;
        }
    }

    /// <summary>All bytes in one piece.</summary>
    private sealed class Whole(ReadOnlyMemory<byte> bytes, Action sent, string contentType, string tag) : IResult
    {
        public async Task ExecuteAsync(HttpContext httpContext)
        {
            var response = httpContext.Response;
            response.ContentType = contentType;
            response.Headers.ETag = tag;
            response.ContentLength = bytes.Length;
            PooledConnection.Announce(httpContext, bytes.Length);
            // Once the head is written, the buffer that is asked for is the connection's own: the bytes are copied once. (A connection that ends ends the wait for it as well:
            // that needs no token, which is made for who asks.)
            await response.StartAsync(CancellationToken.None);
            bytes.Span.CopyTo(response.BodyWriter.GetSpan(bytes.Length));
            sent();
            response.BodyWriter.Advance(bytes.Length);
            await response.BodyWriter.FlushAsync(CancellationToken.None);
        }
    }
}

/// <summary>Tells OpenAPI that an operation answers with bytes of these types.</summary>
internal sealed record BytesAnswer(params string[] ContentTypes);
