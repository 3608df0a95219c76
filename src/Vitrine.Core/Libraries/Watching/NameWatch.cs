namespace Vitrine.Core.Libraries.Watching;

/// <summary>Hears from the kernel which names below a root change. It looks at names only, and follows no link.</summary>
public sealed class NameWatch : IDisposable
{
    private readonly FileSystemWatcher _watcher;
    private readonly ChangedPlaces _changed;
    private readonly string _root;
    private volatile bool _failed;

    /// <exception cref="IOException">The kernel's limit is reached, or the root cannot be watched.</exception>
    /// <exception cref="ArgumentException">There is no such directory.</exception>
    public NameWatch(string root, ChangedPlaces changed)
    {
        (_root, _changed) = (root, changed);
        _watcher = new(root)
        {
            IncludeSubdirectories = true,
            NotifyFilter = NotifyFilters.FileName | NotifyFilters.DirectoryName | NotifyFilters.LastWrite | NotifyFilters.Size,
        };
        _watcher.Created += (_, change) => Note(change.FullPath);
        _watcher.Changed += (_, change) => Note(change.FullPath);
        _watcher.Deleted += (_, change) => Note(change.FullPath);
        _watcher.Renamed += (_, change) =>
        {
            Note(change.OldFullPath);
            Note(change.FullPath);
        };
        _watcher.Error += (_, error) => Fail(error.GetException());
        try
        {
            _watcher.EnableRaisingEvents = true;
        }
        catch (IOException)
        {
            _watcher.Dispose();
            throw;
        }
    }

    /// <summary>Not every directory is watched any more: the kernel's limit is reached.</summary>
    public bool Failed => _failed;

    public void Dispose() => _watcher.Dispose();

    /// <summary>Changes that came faster than they were taken are lost: then anything may have changed, and the watch goes on.</summary>
    private void Fail(Exception error)
    {
        if (error is InternalBufferOverflowException) _changed.Add(SourcePath.Root);
        else _failed = true;
    }

    private void Note(string path)
    {
        if (path.Length <= _root.Length || !RealPath.IsWithin(path, _root)) return;
        _changed.AddName(path[(_root.EndsWith('/') ? _root.Length : _root.Length + 1)..]);
    }
}
