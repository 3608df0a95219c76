using Vitrine.Core.Derivatives;
using Vitrine.Core.Libraries;
using Vitrine.Core.Users;

namespace Vitrine.Server.Derivatives;

/// <summary>Finds the file of a derivative, or has it made.</summary>
internal sealed class Pictures(ICatalog catalog, IDerivativeStore files, OnDemand onDemand)
{
    /// <summary>Null: not there, or not granted.</summary>
    public Task<Image?> FindAsync(Grants grants, ImageId id, CancellationToken cancellation) => catalog.ImageAsync(grants, id, cancellation);

    /// <param name="isKept">Whether the caller has the bytes of this hash: then no file is opened.</param>
    public async Task<PictureAnswer> OpenAsync(Grants grants, Image image, string preset, Func<string, bool> isKept, CancellationToken cancellation)
    {
        if (Answer(image, preset, isKept) is { } found) return found;

        // The file may have been replaced, and its row with it, since the row was read: one more look, then it counts as missing.
        if (image.Derivatives.Any(derivative => derivative.Preset == preset)
            && await catalog.ImageAsync(grants, image.Summary.Id, cancellation) is { } again && Answer(again, preset, isKept) is { } replaced)
            return replaced;

        return await onDemand.MakeAsync(image, preset, cancellation) switch
        {
            OnDemandAnswer.Ready ready => (PictureAnswer?)Open(ready.Derivative) ?? new PictureAnswer.Pending(),
            OnDemandAnswer.Refused refused => new PictureAnswer.Refused(refused.Code),
            _ => new PictureAnswer.Pending(),
        };
    }

    private PictureAnswer? Answer(Image image, string preset, Func<string, bool> isKept)
    {
        if (image.Derivatives.FirstOrDefault(candidate => candidate.Preset == preset) is not { } derivative) return null;
        if (isKept(derivative.Hash)) return new PictureAnswer.Unchanged(derivative);
        return Open(derivative);
    }

    private PictureAnswer.Opened? Open(Derivative derivative) =>
        files.Open(derivative.FolderPath, derivative.FileName) is { } content ? new(derivative, content) : null;
}

internal abstract record PictureAnswer
{
    private PictureAnswer() { }

    /// <summary>The caller has these bytes.</summary>
    public sealed record Unchanged(Derivative Derivative) : PictureAnswer;

    public sealed record Opened(Derivative Derivative, Stream Content) : PictureAnswer;

    /// <summary>It is being made: ask again in a second.</summary>
    public sealed record Pending : PictureAnswer;

    /// <summary>It cannot be made, for a reason code.</summary>
    public sealed record Refused(string Code) : PictureAnswer;
}
