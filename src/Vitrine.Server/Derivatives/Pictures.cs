using System.Buffers;
using Vitrine.Core.Derivatives;
using Vitrine.Core.Jobs;
using Vitrine.Core.Libraries;
using Vitrine.Core.Statistics;
using Vitrine.Core.Users;

namespace Vitrine.Server.Derivatives;

/// <summary>Finds the file of a derivative, or has it made.</summary>
internal sealed class Pictures(ICatalog catalog, PictureFiles files, OnDemand onDemand, HotPictures hot, PictureSettings settings)
{
    /// <summary>Null: not there, or not granted.</summary>
    public Task<Image?> FindAsync(Grants grants, ImageId id, CancellationToken cancellation) => catalog.ImageAsync(grants, id, cancellation);

    /// <summary>A version that was served a moment ago, without asking the store; null: it is to be asked.</summary>
    public HotPicture? Recent(Grants grants, ImageId id, string preset, ReadOnlySpan<char> version) => hot.Find(grants, id, preset, version);

    /// <summary>What can be answered from memory; null: <see cref="Open"/> waits for a disk.</summary>
    /// <param name="isKept">Whether the caller has the bytes.</param>
    public PictureAnswer.Found? AtHand(HotPicture picture, bool isKept)
    {
        if (isKept) return new PictureAnswer.Unchanged(picture);
        return hot.BytesOf(picture.Derivative) is { } known ? new PictureAnswer.InMemory(picture, known) : null;
    }

    /// <summary>The picture where it is there already; nothing is made.</summary>
    public PictureAnswer.Found? Ready(Image image, string preset) => Answer(image, preset, static _ => false);

    /// <param name="isKept">Whether the caller has the bytes of this validator: then no file is opened.</param>
    /// <param name="asker">Whose share of what is made on demand it takes; null has no limit.</param>
    public async Task<PictureAnswer> OpenAsync(Grants grants, Image image, string preset, Func<string, bool> isKept, string? asker, CancellationToken cancellation)
    {
        if (Answer(image, preset, isKept) is { } found)
        {
            if (settings.Presets.Now.Find(preset) is { } now && now.Recipe != found.Derivative.Recipe) onDemand.Renew(image.Summary.Id, preset);
            return found;
        }

        // The file may have been replaced or moved, and its row with it, since the row was read: one more look, then it counts as missing.
        var lost = image.Derivatives.Any(derivative => derivative.Preset == preset);
        if (lost && await catalog.ImageAsync(grants, image.Summary.Id, cancellation) is { } again)
        {
            if (Answer(again, preset, isKept) is { } replaced) return replaced;
            if (again.Derivatives.FirstOrDefault(derivative => derivative.Preset == preset) is { } gone && await files.IsAwayAsync(gone, cancellation)) return Instead(again, preset) ?? (PictureAnswer)new PictureAnswer.Pending();
        }
        if (settings.Presets.Now.Find(preset) is { } wanted && DirectMode.Applies(image, wanted)) return new PictureAnswer.Direct();
        await settings.Misses.NoteAsync(image, preset, lost, cancellation);
        return await onDemand.MakeAsync(image, preset, asker, cancellation) switch
        {
            OnDemandAnswer.Ready ready when Open(HotPicture.Of(image, ready.Derivative)) is { } made => made with { Made = true },
            OnDemandAnswer.Busy => new PictureAnswer.Busy(),
            OnDemandAnswer.Refused { Code: Reason.NoRoom } => Instead(image, preset) ?? (PictureAnswer)new PictureAnswer.Refused(Reason.NoRoom),
            OnDemandAnswer.Refused refused => new PictureAnswer.Refused(refused.Code),
            _ => new PictureAnswer.Pending(),
        };
    }

    /// <summary>Another preset that is there: the next larger one, else the next smaller one. Null: there is none.</summary>
    private PictureAnswer.Instead? Instead(Image image, string preset)
    {
        var names = settings.Presets.Now.All.Select(known => known.Name).ToList();
        var at = names.IndexOf(preset);
        return names.Skip(at + 1).Concat(names.Take(at).Reverse()).Select(other => Answer(image, other, static _ => false)).OfType<PictureAnswer.Found>()
            .Select(found => new PictureAnswer.Instead(found)).FirstOrDefault();
    }

    private PictureAnswer.Found? Answer(Image image, string preset, Func<string, bool> isKept)
    {
        if (image.Derivatives.FirstOrDefault(candidate => candidate.Preset == preset) is not { } derivative) return null;
        var picture = HotPicture.Of(image, derivative);
        if ((AtHand(picture, isKept(picture.Tag)) ?? Open(picture)) is not { } found) return null;
        hot.Keep(image.Summary.Id, picture);
        return found;
    }

    /// <summary>From its file; null: it cannot be opened.</summary>
    public PictureAnswer.Found? Open(HotPicture picture)
    {
        if (picture.Derivative.Size <= HotPictures.MaxBytes && Read(picture) is { } read) return read;
        return files.Open(picture.Derivative) is { } content ? new PictureAnswer.Opened(picture, content) : null;
    }

    /// <summary>A small file whole, kept where thumbnails are; null: it is not there as its row says.</summary>
    private PictureAnswer.InMemory? Read(HotPicture picture)
    {
        var derivative = picture.Derivative;
        var size = (int)derivative.Size;
        if (hot.KeepsBytes)
        {
            var kept = GC.AllocateUninitializedArray<byte>(size);
            if (!files.Read(derivative, kept)) return null;
            hot.Keep(derivative, kept);
            return new(picture, kept);
        }
        var lent = ArrayPool<byte>.Shared.Rent(size);
        var answer = new PictureAnswer.InMemory(picture, lent.AsMemory(0, size), lent);
        if (files.Read(derivative, lent.AsSpan(0, size))) return answer;
        answer.GiveBack();
        return null;
    }
}

/// <summary>What serving pictures needs beside its contracts.</summary>
internal sealed record PictureSettings(Presets Presets, Misses Misses);

internal abstract record PictureAnswer
{
    private PictureAnswer() { }

    /// <summary>The derivative is there.</summary>
    public abstract record Found(HotPicture Picture) : PictureAnswer
    {
        public Derivative Derivative => Picture.Derivative;

        /// <summary>Just now, while its caller waited.</summary>
        public bool Made { get; init; }
    }

    /// <summary>The caller has these bytes.</summary>
    public sealed record Unchanged(HotPicture Picture) : Found(Picture);

    public sealed record Opened(HotPicture Picture, Stream Content) : Found(Picture);

    /// <param name="Lent">The shared pool's array that holds the bytes; null where they are kept.</param>
    public sealed record InMemory(HotPicture Picture, ReadOnlyMemory<byte> Bytes, byte[]? Lent = null) : Found(Picture)
    {
        /// <summary>Once they are sent. Whoever does not send them may leave them to the collector.</summary>
        public void GiveBack()
        {
            if (Lent is not null) ArrayPool<byte>.Shared.Return(Lent);
        }
    }

    /// <summary>The original is the picture.</summary>
    public sealed record Direct : PictureAnswer;

    /// <summary>Another preset, since the one asked for cannot be had now: nobody keeps it under this address.</summary>
    public sealed record Instead(Found Other) : PictureAnswer;

    /// <summary>It is being made: ask again in a second.</summary>
    public sealed record Pending : PictureAnswer;

    /// <summary>The asker has as much being made as one may have.</summary>
    public sealed record Busy : PictureAnswer;

    /// <summary>It cannot be made, for a reason code.</summary>
    public sealed record Refused(string Code) : PictureAnswer;
}
