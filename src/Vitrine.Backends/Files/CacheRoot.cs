using System.Text;
using Microsoft.Win32.SafeHandles;
using Vitrine.Core.Derivatives;
using Vitrine.Core.Files;

namespace Vitrine.Backends.Files;

/// <summary>
/// A cache folder that is open: whatever is read, written or deleted in it goes through here. A name is checked by its text (<see cref="CachePath"/>), and followed
/// from the folder's descriptor without any link, so that a directory that becomes a link between the check and the deed leads nowhere. The folder itself is
/// no link either: it was recorded without. Each refusal is a security event.
/// </summary>
internal sealed class CacheRoot : IDisposable
{
    private const int MaxDepth = 16;

    private readonly string _folder;
    private readonly OpenDirectory _directory;
    private readonly RefusedPaths? _refused;

    private CacheRoot(string folder, OpenDirectory directory, RefusedPaths? refused) => (_folder, _directory, _refused) = (folder, directory, refused);

    /// <exception cref="CacheFolderException">Code <c>path-refused</c>: it is no absolute path, or a link.</exception>
    /// <exception cref="DirectoryNotFoundException">It is not there.</exception>
    public static CacheRoot Open(string folder, RefusedPaths? refused)
    {
        if (!CachePath.IsSafeFolder(folder)) throw Refuse(refused, folder, "", RefusedPaths.Outside);
        try
        {
            return new(folder, OpenDirectory.At(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)), itself: true), refused);
        }
        catch (LinkRefusedException)
        {
            throw Refuse(refused, folder, "", RefusedPaths.Link);
        }
    }

    /// <summary>
    /// A file of a folder. Where no link is on the whole way to it, the kernel opens it in one step, and the folder for itself not at all; what is not to be had so is
    /// opened from the folder, which tells why.
    /// </summary>
    /// <exception cref="CacheFolderException">Code <c>path-refused</c>: the name or a link could lead out of the folder.</exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="DirectoryNotFoundException">Its directory is not there.</exception>
    public static BlobStream ReadFile(string folder, string name, RefusedPaths? refused)
    {
        if (CachePath.IsSafeFolder(folder) && CachePath.IsSafeName(name) && DirectFile.Open(folder, name, out var size) is { } file) return new(file, size);
        using var root = Open(folder, refused);
        return root.Read(name);
    }

    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="DirectoryNotFoundException">Its directory is not there.</exception>
    public BlobStream Read(string name) => At(name, path => new BlobStream(_directory.Read(path, out var state), state.Size));

    /// <summary>Whether a regular file has this name.</summary>
    public bool Has(string name) => InParent(name, static (parent, last) => parent.Look(last) is { IsRegular: true });

    /// <summary>A new file, with the directories on the way to it; never the folder itself, which may have been unplugged a moment ago.</summary>
    public SafeFileHandle Create(string name) => InMadeParent(name, static (parent, last) => parent.Create(last));

    /// <summary>Adds to a file whose directory is there.</summary>
    public void Append(string name, string text) => InParent(name, (parent, last) =>
    {
        using var file = parent.Append(last);
        RandomAccess.Write(file, Encoding.UTF8.GetBytes(text), 0);
        return true;
    });

    /// <summary>Gives a file its final name. Names are issued once: a file that is there already is no blob of ours to replace.</summary>
    public void Publish(string temporary, string name) => InParent(temporary, (from, last) =>
    {
        InMadeParent(name, (to, final) =>
        {
            from.Move(last, to, final);
            return true;
        });
        return true;
    });

    /// <summary>Both in the folder itself.</summary>
    public void Replace(string newer, string name) => At(newer, from => At(name, to =>
    {
        _directory.Replace(from, to);
        return true;
    }));

    /// <summary>False where there is no such file. A link is refused, though it would go as a link: none of our files is one.</summary>
    public bool Delete(string name)
    {
        try
        {
            return InParent(name, static (parent, last) => parent.Look(last) switch
            {
                null => false,
                { IsLink: true } => throw new LinkRefusedException(Encoding.UTF8.GetString(last)),
                _ => parent.Delete(last),
            });
        }
        catch (DirectoryNotFoundException)
        {
            return false;
        }
    }

    /// <summary>A directory with all that is in it; links within go as links.</summary>
    public void DeleteAll(string name) => InParent(name, static (parent, last) =>
    {
        if (parent.Look(last) is { IsLink: true }) throw new LinkRefusedException(Encoding.UTF8.GetString(last));
        if (parent.Look(last) is not null) parent.DeleteAll(last);
        return true;
    });

    /// <summary>Directories without a file in them or below them. Links are not ours, and what they point at is not either.</summary>
    public void DeleteEmptyDirectories()
    {
        using var listed = _directory.Below([], listed: true);
        DeleteEmpty(listed, 0);
    }

    public void Dispose() => _directory.Dispose();

    private static void DeleteEmpty(OpenDirectory at, int depth)
    {
        if (depth > MaxDepth) return;
        var names = new List<byte[]>();
        at.EachName((name, _) =>
        {
            names.Add(name.ToArray());
            return true;
        });
        foreach (var name in names.Where(name => at.Look(name) is { IsDirectory: true }))
        {
            using (var below = at.Below(name, listed: true)) DeleteEmpty(below, depth + 1);
            at.DeleteEmpty(name);
        }
    }

    private T InParent<T>(string name, Func<OpenDirectory, byte[], T> act) => At(name, path =>
    {
        var (directory, last) = Split(path);
        using var parent = _directory.Below(directory);
        return act(parent, last);
    });

    private T InMadeParent<T>(string name, Func<OpenDirectory, byte[], T> act) => At(name, path =>
    {
        var (directory, last) = Split(path);
        using var parent = directory.Length == 0 ? _directory.Below([]) : _directory.Make(directory);
        return act(parent, last);
    });

    private static (byte[] Directory, byte[] Last) Split(byte[] path) => Array.LastIndexOf(path, (byte)'/') is var slash and >= 0
        ? (path[..slash], path[(slash + 1)..])
        : ([], path);

    private T At<T>(string name, Func<byte[], T> act)
    {
        var trimmed = name.EndsWith('/') ? name[..^1] : name;
        if (!CachePath.IsSafeName(trimmed)) throw Refuse(_refused, _folder, name, RefusedPaths.Outside);
        try
        {
            return act(Encoding.UTF8.GetBytes(trimmed));
        }
        catch (LinkRefusedException)
        {
            throw Refuse(_refused, _folder, name, RefusedPaths.Link);
        }
    }

    private static CacheFolderException Refuse(RefusedPaths? refused, string folder, string name, string why)
    {
        refused?.Note(folder, name, why);
        return CachePath.Refused(folder, name);
    }
}
