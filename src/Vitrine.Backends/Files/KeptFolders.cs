using System.Collections.Concurrent;
using Vitrine.Core.Files;

namespace Vitrine.Backends.Files;

/// <summary>
/// Cache folders that are read from at the moment, each opened once a second and not for every picture: that its path still leads to it is a look, where opening and closing it
/// are two calls that cost more each. What is opened is let go within two seconds, so that a disk can be unmounted.
/// </summary>
public sealed class KeptFolders(TimeProvider time, RefusedPaths? refused = null) : IDisposable
{
    private static readonly TimeSpan Age = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<string, Kept> _kept = new(StringComparer.Ordinal);
    private readonly Lock _timing = new();
    private ITimer? _timer;
    private bool _disposed;

    /// <summary>Does something with the open folder, which must not be kept by it.</summary>
    /// <exception cref="DirectoryNotFoundException">It is not there.</exception>
    internal T With<T>(string folder, Func<CacheRoot, T> act)
    {
        var kept = _kept.TryGetValue(folder, out var found) && found.Enter() ? found : Keep(folder);
        if (!kept.IsStillNamed)
        {
            kept.Leave();
            LetGo();
            kept = Keep(folder);
        }
        try
        {
            return act(kept.Root);
        }
        finally
        {
            kept.Leave();
        }
    }

    private Kept Keep(string folder)
    {
        var kept = new Kept(CacheRoot.Open(folder, refused));
        kept.Enter();
        lock (_timing)
        {
            if (_disposed || !_kept.TryAdd(folder, kept)) kept.Leave();
            else _timer ??= time.CreateTimer(_ => LetGo(), null, Age, Timeout.InfiniteTimeSpan);
        }
        return kept;
    }

    private void LetGo()
    {
        lock (_timing)
        {
            _timer?.Dispose();
            _timer = null;
            foreach (var (folder, kept) in _kept)
                if (_kept.TryRemove(folder, out _)) kept.Leave();
        }
    }

    public void Dispose()
    {
        lock (_timing) _disposed = true;
        LetGo();
    }

    /// <summary>Closed by the last who leaves it; who keeps it here is the first.</summary>
    private sealed class Kept(CacheRoot root)
    {
        private readonly FileIdentity? _identity = root.Identity;
        private int _users = 1;

        public CacheRoot Root => root;

        /// <summary>Whether the folder's path still leads to what is open.</summary>
        public bool IsStillNamed => _identity is not null && root.IdentityByPath == _identity;

        /// <summary>False: it is closed, or about to be.</summary>
        public bool Enter()
        {
            for (var users = Volatile.Read(ref _users); users > 0; users = Volatile.Read(ref _users))
                if (Interlocked.CompareExchange(ref _users, users + 1, users) == users) return true;
            return false;
        }

        public void Leave()
        {
            if (Interlocked.Decrement(ref _users) == 0) root.Dispose();
        }
    }
}
