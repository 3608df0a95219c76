using Vitrine.Core.Libraries;
using Vitrine.Core.Shares;
using Vitrine.Server.Derivatives;
using Vitrine.Server.Security;

namespace Vitrine.Server.Shares;

/// <summary>A request by whoever has a link. The secret stands in a header, and in the link behind the '#': no address, log or history has it.</summary>
internal sealed class ShareVisit(IShareStore shares, ICatalog catalog, ShareOptions options)
{
    public const string Header = "X-Vitrine-Share";
    public const string RateLimit = "share";

    /// <summary>A token has 43 characters; a longer value is none.</summary>
    private const int MaxLength = 64;

    /// <summary>What the link shows; null where it does not work. Each cause is looked up and answered the same.</summary>
    public async Task<SharedCollection?> FindAsync(HttpContext context, CancellationToken cancellation)
    {
        context.Response.Headers.CacheControl = Bytes.DoNotKeep;
        var given = context.Request.Headers[Header].ToString();
        var shared = await shares.FindAsync(SecretToken.Hash(given.Length <= MaxLength ? given : ""), cancellation);
        return options.Enabled ? shared : null;
    }

    /// <summary>An image of the link's own collection, never to be answered with the original in its place.</summary>
    public async Task<Image?> ImageAsync(SharedCollection shared, ImageId id, CancellationToken cancellation) =>
        await catalog.ImageAsync(shared.Grants, id, cancellation) is { } image && shared.Shows(image.Summary) ? image with { AllowMetadata = false } : null;
}

internal static class ShareServices
{
    public static IServiceCollection AddShares(this IServiceCollection services, ShareOptions options) =>
        services.AddSingleton(options).AddSingleton<ShareVisit>().AddRateLimiter(limiter => limiter.AddPolicy(ShareVisit.RateLimit, context =>
            RateLimits.Of(context, ShareVisit.RateLimit, RateLimits.AddressOf(context.Connection.RemoteIpAddress), options.RequestsPerMinute)));
}
