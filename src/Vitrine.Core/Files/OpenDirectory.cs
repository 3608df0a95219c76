using System.Buffers.Binary;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Vitrine.Core.Files;

/// <summary>
/// A directory that is held open, and all that is done below it: reading, writing, renaming and deleting start at its descriptor and never go through a link, so that
/// nothing that is swapped meanwhile, be it this directory or one below, leads elsewhere. Names are bytes, slash-separated, without "." and ".." (the kernel refuses
/// what leads out). Errors are the exceptions that .NET has for them, and <see cref="LinkRefusedException"/>.
/// </summary>
public sealed class OpenDirectory : IDisposable
{
    private const int BufferBytes = 64 << 10;

    /// <summary>More than almost any photograph has; it stands in the kernel's memory until it is read.</summary>
    private const long MostAhead = 64 << 20;

    /// <summary>Deeper than anything of ours; what is deeper is not deleted.</summary>
    private const int MaxDepth = 16;

    /// <summary>Cut by the process's umask, as of any new file.</summary>
    private const uint NewFileMode = 0x1B6;

    private readonly string _path;
    private readonly SafeFileHandle _handle;

    private OpenDirectory(string path, int descriptor) => (_path, _handle) = (path, new(descriptor, ownsHandle: true));

    /// <summary>Opens a directory by its absolute path, which may lead through links: the way to a root is its owner's choice.</summary>
    /// <param name="itself">The last part must be the directory itself, and no link to one.</param>
    public static OpenDirectory At(string path, bool itself = false)
    {
        var flags = Kernel.PathOnly | Kernel.Directory | (itself ? Kernel.NoFollow : 0);
        var opened = Kernel.Open(path, flags);
        if (itself && opened == -DiskError.NotADirectory && new FileInfo(path).LinkTarget is not null) throw new LinkRefusedException(path);
        return new(path, DiskError.Check(opened, path, directory: true));
    }

    /// <param name="listed">Its names are to be read, for which one needs the right.</param>
    public OpenDirectory Below(ReadOnlySpan<byte> path, bool listed = false)
    {
        var flags = Kernel.Directory | (listed ? 0 : Kernel.PathOnly);
        var full = Named(path);
        return new(full, DiskError.Check(Kernel.OpenBeneath(_handle, path.IsEmpty ? "."u8 : path, flags, 0), full, directory: true));
    }

    /// <summary>Opens a regular file for reading; a fifo or a device must neither block nor be read, and counts as not there.</summary>
    public SafeFileHandle Read(ReadOnlySpan<byte> path) => Read(path, out _);

    /// <inheritdoc cref="Read(ReadOnlySpan{byte})"/>
    public SafeFileHandle Read(ReadOnlySpan<byte> path, out FileState state)
    {
        var file = Open(path, Kernel.NonBlocking, 0);
        state = FileState.Of(file);
        if (state.IsRegular) return file;
        file.Dispose();
        throw new FileNotFoundException($"'{Named(path)}' is no regular file.");
    }

    /// <summary>A file will be read soon: the kernel fetches it meanwhile. Where that cannot be, nothing happens, and who reads it learns why.</summary>
    public void Expect(ReadOnlySpan<byte> path)
    {
        var opened = Kernel.OpenBeneath(_handle, path, Kernel.NonBlocking, 0);
        if (opened < 0) return;
        using var file = new SafeFileHandle(opened, ownsHandle: true);
        Kernel.ReadAhead(file, MostAhead);
    }

    /// <summary>The state of a name, of a link itself where it is one; null where it has gone or cannot be looked at.</summary>
    public FileState? Look(ReadOnlySpan<byte> name) => Kernel.Look(_handle, name, out var state) < 0 ? null : state;

    public FileState State => FileState.Of(_handle);

    /// <inheritdoc cref="Inodes.Last"/>
    public bool InodesLast => Inodes.Last(_handle);

    /// <summary>Each name directly in it, with its d_type, which file systems may leave unknown (0); false where the receiver had enough.</summary>
    public bool EachName(SeeName see)
    {
        var buffer = new byte[BufferBytes];
        DiskError.Check(Kernel.Rewind(_handle), _path);
        while (DiskError.Check(Kernel.ReadDirectory(_handle, buffer), _path) is var got and > 0)
        {
            for (var at = 0; at < got;)
            {
                var record = buffer.AsSpan(at, BinaryPrimitives.ReadUInt16LittleEndian(buffer.AsSpan(at + 16)));
                at += record.Length;
                var name = record[19..];
                name = name[..name.IndexOf((byte)0)];
                if (!name.SequenceEqual("."u8) && !name.SequenceEqual(".."u8) && !see(name, record[18])) return false;
            }
        }
        return true;
    }

    /// <summary>False: it has seen enough.</summary>
    public delegate bool SeeName(ReadOnlySpan<byte> name, byte type);

    /// <summary>Opens a path below, and makes the directories on the way that are not there; never this one.</summary>
    public OpenDirectory Make(ReadOnlySpan<byte> path)
    {
        var at = this;
        try
        {
            foreach (var range in path.Split((byte)'/'))
            {
                var made = Kernel.MakeDirectory(at._handle, path[range]);
                if (made != -DiskError.Exists) DiskError.Check(made, Named(path), directory: true);
                var next = at.Below(path[range]);
                if (at != this) at.Dispose();
                at = next;
            }
            return at;
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException && at != this)
        {
            at.Dispose();
            throw;
        }
    }

    /// <summary>A new file of this directory; one of that name goes first, so that nothing is written through a link of either kind.</summary>
    public SafeFileHandle Create(ReadOnlySpan<byte> name)
    {
        Delete(name);
        return Open(name, Kernel.WriteOnly | Kernel.Create | Kernel.Exclusive, NewFileMode);
    }

    /// <summary>A file of this directory to append to, made where it is not there.</summary>
    public SafeFileHandle Append(ReadOnlySpan<byte> name) => Open(name, Kernel.WriteOnly | Kernel.Create | Kernel.Append, NewFileMode);

    /// <summary>Deletes a file of this directory, or a link as a link; false where there is none.</summary>
    public bool Delete(ReadOnlySpan<byte> name)
    {
        var result = Kernel.Remove(_handle, name, isDirectory: false);
        return result != -DiskError.NotThere && DiskError.Check(result, Named(name)) == 0;
    }

    /// <summary>Deletes a directory of this one; false where it is not there, or not empty.</summary>
    public bool DeleteEmpty(ReadOnlySpan<byte> name)
    {
        var result = Kernel.Remove(_handle, name, isDirectory: true);
        return result is not (-DiskError.NotThere or -DiskError.NotEmpty) && DiskError.Check(result, Named(name), directory: true) == 0;
    }

    /// <summary>Deletes a directory of this one with all that is in it; links go as links, and what they point at stays.</summary>
    public void DeleteAll(ReadOnlySpan<byte> name) => DeleteAll(name, 0);

    /// <summary>Renames a file of this directory into another one. What has the new name already stays, and the answer is an <see cref="IOException"/>.</summary>
    public void Move(ReadOnlySpan<byte> name, OpenDirectory to, ReadOnlySpan<byte> newName) =>
        DiskError.Check(Kernel.MoveToNew(_handle, name, to._handle, newName), Named(name));

    /// <summary>Renames within this directory, over what has the new name.</summary>
    public void Replace(ReadOnlySpan<byte> name, ReadOnlySpan<byte> newName) =>
        DiskError.Check(Kernel.MoveOver(_handle, name, _handle, newName), Named(name));

    public void Dispose() => _handle.Dispose();

    private void DeleteAll(ReadOnlySpan<byte> name, int depth)
    {
        if (depth > MaxDepth) throw new IOException($"'{Named(name)}' lies deeper than anything of ours.");
        using (var directory = Below(name, listed: true))
        {
            var below = new List<byte[]>();
            directory.EachName((found, _) =>
            {
                below.Add(found.ToArray());
                return true;
            });
            foreach (var found in below)
            {
                if (directory.Look(found) is { IsDirectory: true }) directory.DeleteAll(found, depth + 1);
                else directory.Delete(found);
            }
        }
        DeleteEmpty(name);
    }

    private SafeFileHandle Open(ReadOnlySpan<byte> path, int flags, uint mode)
    {
        var opened = Kernel.OpenBeneath(_handle, path, flags, mode);
        return new(opened >= 0 ? opened : DiskError.Check(opened, Named(path)), ownsHandle: true);
    }

    private string Named(ReadOnlySpan<byte> path) => path.IsEmpty ? _path : $"{_path}/{Encoding.UTF8.GetString(path)}";
}
