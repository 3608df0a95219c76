namespace Vitrine.Core.Users;

/// <summary>What is written down of an act.</summary>
/// <inheritdoc cref="AuditEntry"/>
public sealed record NewAuditEntry(DateTimeOffset At, UserId? User, string Name, ApiKeyId? Key, string What, string? Target, string? Detail);

/// <summary>
/// Somebody's act while it is done. It goes with the flow of the call down to the store: the first transaction in it that changes something writes the act's row
/// too, so that there is no act without a row and no row without an act. An act of several transactions has its row in the first of them.
/// </summary>
public sealed class Act : IDisposable
{
    private static readonly AsyncLocal<Act?> Flowing = new();

    private volatile bool _isOver;

    private Act(NewAuditEntry entry) => Entry = entry;

    public NewAuditEntry Entry { get; }

    /// <summary>The act whose row is still to be written; null where there is none.</summary>
    public static Act? Unwritten => Flowing.Value is { _isOver: false } act ? act : null;

    /// <summary>Begins in the flow of the caller, until it is disposed: what goes on behind it is no part of it.</summary>
    public static Act Begin(NewAuditEntry entry)
    {
        var act = new Act(entry);
        Flowing.Value = act;
        return act;
    }

    /// <summary>The transaction that wrote its row is committed.</summary>
    public void Written() => _isOver = true;

    public void Dispose() => _isOver = true;
}
