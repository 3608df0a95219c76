namespace Vitrine.Core.Libraries.Watching;

/// <summary>How a library is watched.</summary>
public enum WatchWay
{
    /// <summary>Not now; see the reason.</summary>
    None,

    /// <summary>The kernel tells which names change (inotify).</summary>
    Names,

    /// <summary>The times of its directories and archives are compared with what is recorded, every five minutes.</summary>
    Times,
}

/// <param name="Reason">Why it is not <see cref="WatchWay.Names"/>: a constant of this type; null where it is.</param>
public sealed record WatchState(WatchWay Way, string? Reason)
{
    /// <summary>The root is not what it was; watching begins again when it is back.</summary>
    public const string Offline = "offline";

    /// <summary>Other machines change a network file system, and the kernel does not tell.</summary>
    public const string Network = "network";

    /// <summary>The kernel's limit of watches, or of their instances, is reached.</summary>
    public const string Limit = "limit";

    /// <summary>More collections than are watched by name.</summary>
    public const string TooLarge = "too-large";

    /// <summary>Watching ended with an error, which is in the log.</summary>
    public const string Error = "error";

    public static WatchState Starting { get; } = new(WatchWay.None, null);
}

/// <summary>Decides how a library is watched.</summary>
public static class WatchRule
{
    /// <summary>Each directory costs the kernel about a kilobyte, and its default limit is of this order.</summary>
    public const long MaxCollections = 100_000;

    /// <param name="failed">Why watching names ended before; null where it has not.</param>
    public static WatchState Choose(Library library, bool healthy, string? failed)
    {
        if (!healthy) return new(WatchWay.None, WatchState.Offline);
        if (library.Mount.IsNetwork) return new(WatchWay.Times, WatchState.Network);
        if (library.Counters.Collections > MaxCollections) return new(WatchWay.Times, WatchState.TooLarge);
        return failed is null ? new(WatchWay.Names, null) : new(WatchWay.Times, failed);
    }
}
