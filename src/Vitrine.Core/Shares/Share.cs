using Vitrine.Core.Libraries;
using Vitrine.Core.Users;

namespace Vitrine.Core.Shares;

/// <summary>A link that shows one collection, without signing in, until it expires or is revoked. Its secret is not here: it was told once.</summary>
/// <param name="Label">What its maker calls it; may be empty.</param>
public sealed record Share(
    ShareId Id, CollectionId Collection, string CollectionName, UserId User, string UserName, string Label, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt);

/// <param name="TokenHash">SHA-256 of the link's secret.</param>
public sealed record NewShare(CollectionId Collection, UserId User, string Label, DateTimeOffset ExpiresAt, byte[] TokenHash)
{
    /// <summary>Links of one user that work at a time: more are a mistake or a flood.</summary>
    public const int MaxOfUser = 1000;
}

/// <summary>What a link shows at this moment.</summary>
public sealed record SharedCollection(ShareId Share, LibraryId Library, CollectionId Collection, DateTimeOffset ExpiresAt)
{
    /// <summary>Reads on its behalf see this library, and then only the one collection of it.</summary>
    public Grants Grants => Grants.Of([Library]);

    public bool Shows(ImageSummary image) => image.Collection == Collection;
}
