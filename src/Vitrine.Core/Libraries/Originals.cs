using System.Text;
using Vitrine.Core.Decoding;
using Vitrine.Core.Decoding.Spooling;
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
/// Opens originals, read-only and beneath their root. A file of a directory is opened here, and refused when it is no longer the recorded version; an
/// entry of an archive, or a name that is not UTF-8, is streamed out of a decoder, since archives are never parsed in this process; of a sequential archive, by way
/// of the spool.
/// </summary>
public sealed class Originals(DecoderPool pool, SpoolPasses passes, IRootProbe roots, DecodeLimits limits)
{
    /// <exception cref="SourceException">It is missing, changed, not readable, or its library's root is offline.</exception>
    /// <exception cref="DecoderUnavailableException">No decoder can be started.</exception>
    public async Task<OriginalContent> OpenAsync(Image image, CancellationToken cancellation)
    {
        if (!roots.Probe(image.Root).Exists) throw new SourceException(Reason.LibraryOffline, $"The library's root {image.Root} is not there.");
        if (image.Kind == ContainerKind.Directory && IsUtf8(image.ContainerPath.Bytes) && IsUtf8(image.RawName.Bytes)) return OpenFile(image);
        if (image.Kind.IsSequential() && await OpenSpooledAsync(image, cancellation) is { } spooled) return spooled;
        var stream = await EntryStream.OpenAsync(pool, image, limits, cancellation);
        return new(stream, false, image.Version.Size);
    }

    /// <summary>Null where the spool does not have it and cannot get it: then it is streamed.</summary>
    private async Task<OriginalContent?> OpenSpooledAsync(Image image, CancellationToken cancellation)
    {
        var place = ContainerPlace.ToRead(image.Root, image.ContainerPath, image.Kind, image.ContainerVersion);
        var key = new SpoolKey(image.Summary.Collection, image.ContainerVersion, image.RawName, image.Occurrence, image.Version);
        using var held = await passes.GetAsync(place, key, cancellation);
        return held is null ? null : new(Open(Path.Combine(held.Folder, held.Name)), true, image.Version.Size);
    }

    private static OriginalContent OpenFile(Image image)
    {
        var path = Path.Combine(image.Root, image.ContainerPath.Text, image.RawName.ToString());
        var file = Open(path);
        var stays = false;
        try
        {
            // The place where the open file really is: a link on the way would have led elsewhere.
            var real = File.ResolveLinkTarget($"/proc/self/fd/{file.SafeFileHandle.DangerousGetHandle()}", returnFinalTarget: false)?.FullName;
            if (real != path) throw new SourceException(Reason.SourceMissing, "The original is not beneath its library's root.");
            var stampNs = (File.GetLastWriteTimeUtc(file.SafeFileHandle) - DateTime.UnixEpoch).Ticks * 100;

            // .NET gives times in steps of 100 ns.
            if (file.Length != image.Version.Size || stampNs / 100 != image.Version.Stamp / 100)
                throw new SourceException(Reason.SourceChanged, "The original is not the version that was scanned; the next scan takes the new one.");
            stays = true;
            return new(file, true, file.Length);
        }
        finally
        {
            if (!stays) file.Dispose();
        }
    }

    private static FileStream Open(string path)
    {
        try
        {
            return new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1, FileOptions.Asynchronous);
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new SourceException(Reason.SourceMissing, "The original is not there any more.");
        }
        catch (Exception refused) when (refused is UnauthorizedAccessException or IOException)
        {
            throw new SourceException(Reason.SourceUnreadable, "The original cannot be opened.");
        }
    }

    private static bool IsUtf8(byte[] name) => Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(name)).AsSpan().SequenceEqual(name);
}
