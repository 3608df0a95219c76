using System.ComponentModel.DataAnnotations;
using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Vitrine.Core.Derivatives;
using Vitrine.Core.Jobs;
using Vitrine.Core.Libraries;
using Vitrine.Core.Statistics;
using Vitrine.Server.Hosting;
using Vitrine.Server.Security;
using Vitrine.Server.Shares;

namespace Vitrine.Server.Derivatives;

/// <summary>A picture: grant, row, ETag, file; and what is not there yet is made at once.</summary>
internal static class PictureEndpoints
{
    private const string Immutable = "private, max-age=31536000, immutable";
    private const int MaxWidth = 1_000_000;

    public static void MapPictures(this RouteGroupBuilder api)
    {
        var group = api.MapGroup("/images/{id}").WithTags("Pictures").RequireAuthorization(Policies.Viewer)
            .ProducesProblem(404).ProducesProblem(409).ProducesProblem(422).ProducesProblem(429).ProducesProblem(503);
        group.MapMethods("/{preset}", Bytes.Methods, Get).WithName("getPicture")
            .WithSummary("The picture in a preset, or in the smallest preset of a width; 202 while it is being made.")
            .WithMetadata(new BytesAnswer("image/webp", "image/jpeg")).Produces(202);
    }

    private static async Task<IResult> Get(
        ImageId id, string preset, HttpContext context, ClaimsPrincipal who, Pictures pictures, Presets presets, Originals originals, Usage usage,
        CancellationToken cancellation, string? v = null, [Range(1, MaxWidth)] int? width = null)
    {
        if (presets.Now.Find(preset) is null) return Problems.NotFound.ToResult();
        if (await pictures.FindAsync(who.Grants, id, cancellation) is not { } image) return Problems.NotFound.ToResult();
        var name = width is { } wanted ? PresetChoice.ForWidth(presets.Now, image.Summary.Width, image.Summary.Height, wanted).Name : preset;

        return await pictures.OpenAsync(who.Grants, image, name, tag => Bytes.Has(context.Request, tag), AskerOf(context), cancellation) switch
        {
            PictureAnswer.Found found => Send(context, found, v, usage),
            PictureAnswer.Instead instead => SendInstead(context, instead.Other, usage),
            PictureAnswer.Direct => await OriginalEndpoints.SendAsync(context, image, originals, cancellation),
            PictureAnswer.Pending => Pending(context),
            PictureAnswer.Busy => Busy(context),
            PictureAnswer.Refused refused => Refused(context, refused.Code),
            _ => throw new InvalidOperationException("PictureAnswer has no other kind."),
        };
    }

    /// <summary>
    /// For who has a link and no session: derivatives alone, and each use asks again, so that a revoked link ends at once. The address is the same for every link,
    /// so no cache between may answer it.
    /// </summary>
    /// <param name="shows">Whether a preset is for visitors: what is answered in place of another has to be as well.</param>
    public static IResult SendToVisitor(HttpContext context, PictureAnswer answer, Func<string, bool> shows, Usage usage)
    {
        var sent = answer switch
        {
            PictureAnswer.Found found => Send(context, found, null, usage),
            PictureAnswer.Instead instead when shows(instead.Other.Derivative.Preset) => SendInstead(context, instead.Other, usage),
            PictureAnswer.Instead instead => Withhold(context, instead.Other),
            PictureAnswer.Pending => Pending(context),
            PictureAnswer.Busy => Busy(context),
            PictureAnswer.Refused refused => Refused(context, refused.Code),
            _ => throw new InvalidOperationException("A visitor is never answered with an original."),
        };
        context.Response.Headers.Vary = ShareVisit.Header;
        return sent;
    }

    public static IResult Send(HttpContext context, PictureAnswer.Found found, string? version, Usage usage)
    {
        var derivative = found.Derivative;
        Count(context.Request, found, usage);
        context.Response.Headers.CacheControl = version == derivative.Hash ? Immutable : Bytes.AskFirst;
        return found switch
        {
            PictureAnswer.InMemory memory => Bytes.Send(context, memory.Bytes, memory.GiveBack, derivative.ContentType, found.Picture.Tag),
            PictureAnswer.Opened opened => Bytes.Send(context, opened.Content, derivative.ContentType, found.Picture.Tag, ranges: true),
            _ => Bytes.Unchanged(found.Picture.Tag),
        };
    }

    private static IResult SendInstead(HttpContext context, PictureAnswer.Found other, Usage usage)
    {
        var sent = Send(context, other, null, usage);
        context.Response.Headers.CacheControl = Bytes.DoNotKeep;
        return sent;
    }

    private static ProblemHttpResult Withhold(HttpContext context, PictureAnswer.Found other)
    {
        if (other is PictureAnswer.Opened opened) opened.Content.Dispose();
        return Refused(context, Reason.NoRoom);
    }

    /// <summary>A part of a picture, and the answer that the caller has it, count without bytes; HEAD is no use of it.</summary>
    private static void Count(HttpRequest request, PictureAnswer.Found found, Usage usage)
    {
        if (!HttpMethods.IsGet(request.Method)) return;
        var bytes = found is PictureAnswer.Unchanged || request.Headers.Range.Count > 0 ? 0 : found.Derivative.Size;
        if (found.Made) usage.Made(found.Picture.Picture, found.Derivative, bytes);
        else usage.Hit(found.Picture.Picture, found.Derivative, bytes);
    }

    private static StatusCodeHttpResult Pending(HttpContext context)
    {
        context.Response.Headers.CacheControl = Bytes.DoNotKeep;
        context.Response.Headers.RetryAfter = "1";
        return TypedResults.StatusCode(StatusCodes.Status202Accepted);
    }

    /// <summary>The owner over its socket has no limit.</summary>
    private static string? AskerOf(HttpContext context) => OwnerSocket.IsOver(context) ? null : $"user/{context.User.Access.User}";

    private static ProblemHttpResult Busy(HttpContext context)
    {
        context.Response.Headers.CacheControl = Bytes.DoNotKeep;
        context.Response.Headers.RetryAfter = "1";
        return Problems.RateLimited.With("Too many pictures are being made for you: try again in 1 s.").ToResult();
    }

    private static ProblemHttpResult Refused(HttpContext context, string code)
    {
        context.Response.Headers.CacheControl = Bytes.DoNotKeep;
        return Problems.Unmade(code).ToResult();
    }
}
