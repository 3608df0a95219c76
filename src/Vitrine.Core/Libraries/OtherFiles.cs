using Vitrine.Core.Users;

namespace Vitrine.Core.Libraries;

/// <summary>What a file that is no picture is taken for, by its extension.</summary>
public enum FileKind { Image, Video, Audio, Document, Other }

/// <summary>Files of a library that are not shown, by extension: so that nothing in a folder is invisible.</summary>
/// <param name="Extension">Lower-case, without the dot; empty for names without one, and for all beyond what one container may tell apart.</param>
/// <param name="Listed">True: images of the catalog whose outcome is <c>unsupported</c>. False: files that a scan passes over.</param>
public sealed record UnreadFiles(string Extension, FileKind Kind, bool Listed, long Files);

/// <summary>Reads what scans passed over. Promise: the counts are those of the last whole listing of each container, written in its transaction.</summary>
public interface IUnreadFileStore
{
    /// <summary>By extension, most files first; null where the library is not known or not granted.</summary>
    Task<IReadOnlyList<UnreadFiles>?> OfLibraryAsync(Grants grants, LibraryId library, CancellationToken cancellation);
}

/// <summary>Kinds by extension. Pure.</summary>
public static class FileKinds
{
    private static readonly Dictionary<FileKind, string[]> Extensions = new()
    {
        [FileKind.Video] = ["mp4", "m4v", "mov", "avi", "mkv", "webm", "wmv", "flv", "mpg", "mpeg", "mts", "m2ts", "3gp", "ogv", "ts", "vob", "mxf", "insv"],
        [FileKind.Audio] = ["mp3", "flac", "wav", "ogg", "opus", "m4a", "aac", "wma", "aif", "aiff"],
        [FileKind.Document] = ["pdf", "txt", "md", "doc", "docx", "odt", "rtf", "html", "htm", "epub", "mobi", "djvu", "xml", "json", "csv", "nfo", "xmp", "aae"],
    };

    private static readonly Dictionary<string, FileKind> ByExtension =
        Extensions.SelectMany(kind => kind.Value.Select(extension => (extension, kind.Key))).ToDictionary(pair => pair.extension, pair => pair.Key);

    public static FileKind Of(string extension) => ByExtension.GetValueOrDefault(extension, FileKind.Other);
}
