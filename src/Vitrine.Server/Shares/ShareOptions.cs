using System.ComponentModel.DataAnnotations;

namespace Vitrine.Server.Shares;

/// <summary>Links that show one collection without signing in.</summary>
internal sealed record ShareOptions
{
    /// <summary>Whether links can be made and work.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>Days that a link may work at most.</summary>
    [Range(1, 3650)]
    public int MaxDays { get; init; } = 365;

    /// <summary>Requests of an address through links, in a minute.</summary>
    [Range(1, 1_000_000)]
    public int RequestsPerMinute { get; init; } = 3000;
}
