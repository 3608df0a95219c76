using Vitrine.Core.Derivatives;
using Vitrine.Core.Libraries;
using Vitrine.Core.Shares;
using Vitrine.Server.Hosting;
using Vitrine.Server.Security;

namespace Vitrine.Server.Shares;

/// <param name="Days">How long the link works; 1 to Shares:MaxDays.</param>
/// <param name="Label">What its maker calls it.</param>
internal sealed record NewShareRequest(CollectionId CollectionId, int Days = 30, string Label = "") : IAuditable
{
    private const int MaxLabelLength = 100;

    /// <summary>Why it cannot be so, in one line; null where it can.</summary>
    public string? Refusal(ShareOptions options) => this switch
    {
        _ when Days < 1 || Days > options.MaxDays => $"A link works for 1 to {options.MaxDays} days.",
        _ when Label.Length > MaxLabelLength || Label.Any(char.IsControl) => $"A label has at most {MaxLabelLength} characters, none of them a control character.",
        _ => null,
    };
}

/// <param name="MadeBy">The name of who made it.</param>
internal sealed record ShareShape(ShareId Id, CollectionId CollectionId, string Collection, string MadeBy, string Label, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt)
{
    public static ShareShape Of(Share share) =>
        new(share.Id, share.Collection, share.CollectionName, share.UserName, share.Label, share.CreatedAt, share.ExpiresAt);
}

/// <param name="Token">The secret: told this once. The link is the page's <c>/shared#TOKEN</c>.</param>
internal sealed record NewShareShape(ShareShape Share, string Token);

/// <summary>What whoever has the link may know of the collection.</summary>
internal sealed record SharedCollectionShape(string Name, long Images, DateTimeOffset ExpiresAt);

/// <param name="Urls">Every preset that links show; the address needs the link's token in <c>X-Vitrine-Share</c>.</param>
internal sealed record SharedImageShape(
    ImageId Id, string Name, int Width, int Height, ImageState State, string? Reason, byte[]? ThumbHash, string? Color, IReadOnlyDictionary<string, string> Urls)
{
    public static SharedImageShape Of(ImageSummary image, PresetSet presets) => new(
        image.Id, image.Name, image.Width, image.Height, image.State, image.Reason, image.ThumbHash, image.Color,
        presets.All.Where(SharedPresets.Shows).ToDictionary(preset => preset.Name, preset => Url(image, preset.Name)));

    private static string Url(ImageSummary image, string preset) =>
        $"{Routes.Shared}/images/{image.Id}/{preset}{(image.Versions.GetValueOrDefault(preset) is { } version ? $"?v={version}" : "")}";
}

/// <summary>Which presets go through a link. Pure.</summary>
internal static class SharedPresets
{
    /// <summary>Those with a longest edge: the picture's own size stays with those who sign in.</summary>
    public static bool Shows(Preset preset) => preset.MaxEdge is not null;
}
