using System.Buffers;
using Vitrine.Core.Derivatives;
using Vitrine.Core.Files;

namespace Vitrine.Backends.Files;

/// <summary>
/// What a folder and a name may be by their text. A name is relative, slash-separated, and cannot lead out of its folder. Whatever is written or deleted goes
/// through <see cref="CacheRoot"/>, which asks here and then follows the name without links; a path is resolved only to look at what stands there.
/// </summary>
public static class CachePath
{
    private const int MaxLength = 1024;
    private static readonly SearchValues<char> Forbidden = SearchValues.Create("\\:*?\"<>|\0");
    private static readonly (string Name, bool IsNumbered)[] Devices = [("CON", false), ("PRN", false), ("AUX", false), ("NUL", false), ("COM", true), ("LPT", true)];

    /// <summary>The absolute path of <paramref name="name"/> in <paramref name="folder"/>.</summary>
    /// <exception cref="CacheFolderException">Code <c>path-refused</c>: the name or a link could lead out of the folder.</exception>
    public static string Resolve(string folder, string name)
    {
        if (!IsSafeFolder(folder)) throw Refused(folder, name);
        var root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        var trimmed = name.EndsWith('/') ? name[..^1] : name;
        if (!IsSafeName(trimmed)) throw Refused(folder, name);

        var path = root;
        foreach (var segment in trimmed.Split('/'))
        {
            path = Path.Combine(path, segment);
            if (new FileInfo(path).LinkTarget is not null) throw Refused(folder, name);
        }
        return path;
    }

    /// <summary>The path of a folder as somebody gives it: absolute, without a trailing separator.</summary>
    /// <exception cref="CacheFolderException">Code <c>path-refused</c>.</exception>
    public static string Folder(string path)
    {
        if (path.Length > MaxLength * 4 || path.Any(char.IsControl) || !IsSafeFolder(path))
            throw new CacheFolderException("path-refused", "A cache folder is named by its absolute path, from '/' on, without '..' and control characters.");
        return Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
    }

    /// <summary>Asked for each file that is served: it makes nothing on the way.</summary>
    public static bool IsSafeName(string name)
    {
        if (name.Length is 0 or > MaxLength || name.AsSpan().ContainsAny(Forbidden)) return false;
        foreach (var range in name.AsSpan().Split('/'))
            if (!IsSafeSegment(name.AsSpan(range))) return false;
        return true;
    }

    internal static bool IsSafeFolder(string folder)
    {
        if (!Path.IsPathFullyQualified(folder) || folder.Contains('\0')) return false;
        foreach (var range in folder.AsSpan().Split('/'))
            if (folder.AsSpan(range) is "..") return false;
        return true;
    }

    private static bool IsSafeSegment(ReadOnlySpan<char> segment)
    {
        if (segment is "" or "." or ".." || segment[^1] is ' ' or '.') return false;
        foreach (var c in segment)
            if (char.IsControl(c)) return false;
        return !IsDevice(segment);
    }

    /// <summary>Names that Windows gives to devices, with any extension: a folder may be shared with one.</summary>
    private static bool IsDevice(ReadOnlySpan<char> segment)
    {
        var stem = segment.IndexOf('.') is var dot and >= 0 ? segment[..dot] : segment;
        foreach (var (device, isNumbered) in Devices)
        {
            if (stem.Equals(device, StringComparison.OrdinalIgnoreCase)) return true;
            if (isNumbered && stem.Length == device.Length + 1 && char.IsAsciiDigit(stem[^1]) && stem.StartsWith(device, StringComparison.OrdinalIgnoreCase)) return true;
        }
        return false;
    }

    internal static CacheFolderException Refused(string folder, string name) =>
        new("path-refused", name.Length == 0
        ? $"'{PlainText.Escape(folder)}' is no directory, but a link or no absolute path: nothing is read, written or deleted there."
        : $"'{PlainText.Escape(name)}' is no name within the cache folder {PlainText.Escape(folder)}, or a link.");
}
