using System.Security.Claims;
using Microsoft.Net.Http.Headers;
using Vitrine.Core.Files;
using Vitrine.Core.Jobs;
using Vitrine.Core.Libraries;
using Vitrine.Server.Hosting;
using Vitrine.Server.Security;

namespace Vitrine.Server.Derivatives;

/// <summary>
/// The original's bytes, as found. They are strangers' bytes on our own address: never sniffed, never run (CSP sandbox), and of a type that we know.
/// </summary>
internal static class OriginalEndpoints
{
    private const string Sandbox = "sandbox; default-src 'none'; frame-ancestors 'none'";
    private const string Unknown = "application/octet-stream";

    public static void MapOriginals(this RouteGroupBuilder api)
    {
        var group = api.MapGroup("/images/{id}/original").WithTags("Pictures").RequireAuthorization(Policies.Download)
            .ProducesProblem(404).ProducesProblem(409).ProducesProblem(503);
        group.MapMethods("/", Bytes.Methods, Get).WithName("getOriginal").WithSummary("The original's bytes.")
            .WithMetadata(new BytesAnswer("image/*", "application/octet-stream"));
    }

    private static async Task<IResult> Get(
        ImageId id, HttpContext context, ClaimsPrincipal who, ICatalog catalog, Originals originals, CancellationToken cancellation)
    {
        return await catalog.ImageAsync(who.Grants, id, cancellation) is { } image ? await SendAsync(context, image, originals, cancellation) : Problems.NotFound.ToResult();
    }

    public static async Task<IResult> SendAsync(HttpContext context, Image image, Originals originals, CancellationToken cancellation)
    {
        try
        {
            return Send(context, image, await originals.OpenAsync(image, cancellation));
        }
        catch (SourceException refused)
        {
            context.Response.Headers.CacheControl = Bytes.DoNotKeep;
            return Problem(refused).ToResult();
        }
    }

    private static IResult Send(HttpContext context, Image image, OriginalContent content)
    {
        var tag = image.ContentHash is { } bytes ? Bytes.Tag(Convert.ToHexStringLower(bytes)) : null;
        var type = ContentTypeOf(image.Format);
        // What is no picture for a browser (SVG is a document with scripts) is saved, and never shown.
        var disposition = new ContentDispositionHeaderValue(type == Unknown ? "attachment" : "inline");
        disposition.SetHttpFileName(PlainText.FileName(image.Summary.Name));
        var headers = context.Response.Headers;
        headers.ContentDisposition = disposition.ToString();
        headers.ContentSecurityPolicy = Sandbox;
        headers.CacheControl = Bytes.AskFirst;
        if (!content.Seekable && !(tag is not null && Bytes.Has(context.Request, tag))) context.Response.ContentLength = content.Length;
        return Bytes.Send(context, content.Stream, type, tag, content.Seekable);
    }

    private static string ContentTypeOf(string? format) => format switch
    {
        "jpeg" or "png" or "webp" or "gif" or "tiff" or "avif" or "bmp" or "heic" or "jxl" => $"image/{format}",
        _ => Unknown,
    };

    private static Problem Problem(SourceException refused) => refused.Code switch
    {
        Reason.SourceChanged or Reason.SourceLink => Problems.SourceChanged,
        Reason.LibraryOffline => Problems.LibraryOffline,
        Reason.SourceMissing or Reason.SourceUnreadable => Problems.SourceUnavailable.With(Reason.Of(refused.Code).Meaning),
        _ => Problems.Unmade(refused.Code),
    };
}
