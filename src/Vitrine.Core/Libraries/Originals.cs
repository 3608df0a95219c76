using Vitrine.Core.Decoding;
using Vitrine.Core.Decoding.Spooling;
using Vitrine.Core.Files;
using Vitrine.Core.Jobs;

namespace Vitrine.Core.Libraries;

/// <summary>The bytes of an original.</summary>
/// <param name="Seekable">Whether ranges can be served.</param>
public sealed record OriginalContent(Stream Stream, bool Seekable, long Length);

/// <summary>An original cannot be given: the code is one of <see cref="Reason"/>.</summary>
public sealed class SourceException(string code, string message) : Exception(message)
{
    public string Code { get; } = code;
}

/// <summary>
/// Opens originals, read-only and beneath their root. A file of a directory is opened here, from the root's descriptor and never through a link, and refused when what is
/// open is not the recorded version; an entry of an archive is streamed out of a decoder, since archives are never parsed in this process; of a sequential
/// archive, by way of the spool.
/// </summary>
public sealed class Originals(DecoderPool pool, SpoolPasses passes, NodeRoots roots, RefusedPaths refused, DecodeLimits limits)
{
    /// <exception cref="SourceException">It is missing, changed, not readable, or its library's root is offline.</exception>
    /// <exception cref="DecoderUnavailableException">No decoder can be started.</exception>
    public async Task<OriginalContent> OpenAsync(Image image, CancellationToken cancellation)
    {
        if (!roots.Probe(image.Root).Exists) throw new SourceException(Reason.LibraryOffline, $"The library's root {image.Root} is not there.");
        image = image with { Root = roots.Here(image.Root) };
        if (image.Kind == ContainerKind.Directory) return OpenFile(image);
        try
        {
            if (image.Kind.IsSequential() && await OpenSpooledAsync(image, cancellation) is { } spooled) return spooled;
            var stream = await EntryStream.OpenAsync(pool, image, limits, cancellation);
            return new(stream, false, image.Version.Size);
        }
        catch (SourceException link) when (link.Code == Reason.SourceLink)
        {
            refused.Note(image.Root, image.ContainerPath.Text, RefusedPaths.Link, image.Library);
            throw;
        }
    }

    /// <summary>Null where the spool does not have it and cannot get it: then it is streamed.</summary>
    private async Task<OriginalContent?> OpenSpooledAsync(Image image, CancellationToken cancellation)
    {
        var place = ContainerPlace.ToRead(image.Root, image.ContainerPath, image.Kind, image.ContainerVersion);
        var key = new SpoolKey(image.Summary.Collection, image.ContainerVersion, image.RawName, image.Occurrence, image.Version);
        using var held = await passes.GetAsync(place, key, cancellation);
        return held is null ? null : new(Open(held.Folder, RawName.FromText(held.Name).Bytes, image.Library), true, image.Version.Size);
    }

    private OriginalContent OpenFile(Image image)
    {
        var path = image.ContainerPath.Append(image.RawName);
        var file = Open(image.Root, path.Bytes, image.Library, path.Text);
        var stays = false;
        try
        {
            // What is open is compared, whatever its name leads to by now. The inode is left out: a root may have moved to another disk since.
            if (!image.Version.Matches(FileState.Of(file.SafeFileHandle).Version, sameMount: false))
                throw new SourceException(Reason.SourceChanged, "The original is not the version that was scanned; the next scan takes the new one.");
            stays = true;
            return new(file, true, image.Version.Size);
        }
        finally
        {
            if (!stays) file.Dispose();
        }
    }

    private FileStream Open(string root, byte[] path, LibraryId library, string? shown = null)
    {
        try
        {
            using var directory = OpenDirectory.At(root);
            return new(directory.Read(path), FileAccess.Read, bufferSize: 1);
        }
        catch (LinkRefusedException)
        {
            refused.Note(root, shown ?? "", RefusedPaths.Link, library);
            throw new SourceException(Reason.SourceLink, Reason.Of(Reason.SourceLink).Meaning);
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new SourceException(Reason.SourceMissing, "The original is not there any more.");
        }
        catch (Exception unread) when (unread is UnauthorizedAccessException or IOException)
        {
            throw new SourceException(Reason.SourceUnreadable, "The original cannot be opened.");
        }
    }
}
