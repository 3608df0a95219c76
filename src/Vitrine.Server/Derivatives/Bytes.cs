using Microsoft.Net.Http.Headers;

namespace Vitrine.Server.Derivatives;

/// <summary>Answers that are bytes with a validator: 304, ranges and HEAD come from the framework.</summary>
internal static class Bytes
{
    public const string AskFirst = "private, no-cache";
    public const string DoNotKeep = "no-store";

    public static readonly string[] Methods = [HttpMethods.Get, HttpMethods.Head];

    /// <summary>Whether the request says that it has the bytes of this hash.</summary>
    public static bool Has(HttpRequest request, string hash) =>
        request.GetTypedHeaders().IfNoneMatch.Any(tag => tag == EntityTagHeaderValue.Any || tag.Tag == Tag(hash));

    public static IResult Send(HttpContext context, Stream content, string contentType, string? hash, bool ranges)
    {
        var tag = hash is null ? null : new EntityTagHeaderValue(Tag(hash));
        return TypedResults.Stream(content, contentType, entityTag: tag, enableRangeProcessing: ranges);
    }

    private static string Tag(string hash) => $"\"{hash}\"";
}

/// <summary>Tells OpenAPI that an operation answers with bytes of these types.</summary>
internal sealed record BytesAnswer(params string[] ContentTypes);
