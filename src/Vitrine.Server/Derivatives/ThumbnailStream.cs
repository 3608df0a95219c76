using System.Buffers;
using System.Globalization;
using System.Security.Claims;
using System.Text;
using Vitrine.Core.Derivatives;
using Vitrine.Core.Libraries;
using Vitrine.Core.Statistics;
using Vitrine.Server.Hosting;
using Vitrine.Server.Libraries;
using Vitrine.Server.Security;

namespace Vitrine.Server.Derivatives;

/// <summary>
/// Many thumbnails in one answer, for clients that show a wall of them: <c>multipart/mixed</c> (RFC 2046), a part for each image whose thumbnail is ready,
/// in the order asked for, each with Content-ID (the image's id), Content-Type, Content-Length and ETag. What is not ready is left out: ask for its state, or
/// for the picture itself, which makes it.
/// </summary>
internal static class ThumbnailStream
{
    public static void MapThumbnails(this RouteGroupBuilder api) =>
        api.MapPost("/images/thumbnails", Send).WithTags("Pictures").RequireAuthorization(Policies.Viewer).IsNoAct().ProducesProblem(400).WithName("getThumbnails")
            .WithSummary("The ready thumbnails of up to 200 images in one answer of many parts.").WithMetadata(new BytesAnswer("multipart/mixed"));

    private static async Task Send(ImagesRequest request, HttpContext context, ClaimsPrincipal who, ICatalog catalog, Pictures pictures, CancellationToken cancellation)
    {
        if (request.Problem is { } problem)
        {
            await Problems.WriteAsync(context, problem);
            return;
        }
        var images = await catalog.ImagesAsync(who.Grants, request.Distinct, cancellation);
        var boundary = $"vitrine-{Guid.NewGuid():N}";
        context.Response.ContentType = $"multipart/mixed; boundary={boundary}";
        context.Response.Headers.CacheControl = Bytes.DoNotKeep;
        await context.Response.StartAsync(cancellation);
        var body = context.Response.BodyWriter;
        var usage = context.RequestServices.GetRequiredService<Usage>();
        foreach (var image in images)
        {
            if (pictures.Ready(image, Preset.Thumbnail.Name) is not { } found) continue;
            var derivative = found.Derivative;
            if (found is PictureAnswer.InMemory memory)
            {
                Begin(image, derivative, memory.Bytes.Length);
                body.Write(memory.Bytes.Span);
                memory.GiveBack();
            }
            else
            {
                using var content = ((PictureAnswer.Opened)found).Content;
                Begin(image, derivative, content.Length);
                await content.CopyToAsync(context.Response.Body, cancellation);
            }
            usage.Hit(found.Picture.Picture, derivative, derivative.Size);
            Write("\r\n");
            await body.FlushAsync(cancellation);
        }
        Write($"--{boundary}--\r\n");

        void Begin(Image image, Derivative derivative, long length) => Write(string.Create(CultureInfo.InvariantCulture,
            $"--{boundary}\r\nContent-ID: <{image.Summary.Id}>\r\nContent-Type: {derivative.ContentType}\r\nContent-Length: {length}\r\nETag: \"{derivative.Hash}\"\r\n\r\n"));

        void Write(string text) => Encoding.ASCII.GetBytes(text, body);
    }
}
