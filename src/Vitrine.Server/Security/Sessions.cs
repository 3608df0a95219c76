using Vitrine.Core.Users;
using Vitrine.Server.Hosting;

namespace Vitrine.Server.Security;

/// <summary>Sessions by their token.</summary>
internal sealed class Sessions(ISessionStore store, AccessMemory memory, ServerOptions options)
{
    private const int MaxAgent = 200;

    public TimeSpan IdleLimit => TimeSpan.FromDays(options.SessionIdleDays);

    /// <summary>Starts a session and answers its token, which is not stored.</summary>
    public async Task<string> StartAsync(User user, string agent, CancellationToken cancellation)
    {
        var token = SecretToken.New(SecretToken.SessionBytes);
        await store.AddAsync(user.Id, SecretToken.Hash(token), IdleLimit, Cut(agent), cancellation);
        return token;
    }

    public ValueTask<Access?> FindAsync(string token, CancellationToken cancellation)
    {
        var hash = TokenHash.Of(token);
        return Known(hash) is { } known ? ValueTask.FromResult<Access?>(known.Access) : memory.AskAsync(hash, store.FindAsync, cancellation);
    }

    /// <summary>Who has this session, where the store said so a moment ago.</summary>
    public KnownAccess? Remembered(string token) => Known(TokenHash.Of(token));

    /// <inheritdoc cref="AccessMemory.StillHolds"/>
    public bool StillHolds(KnownAccess known) => memory.StillHolds(known);

    /// <summary>Who has this session at this moment, asked of the store.</summary>
    public ValueTask<Access?> FindAgainAsync(string token, CancellationToken cancellation) => memory.AskAsync(TokenHash.Of(token), store.FindAsync, cancellation);

    /// <summary>What this user may do has changed: the store is asked anew.</summary>
    public void Forget(UserId user) => memory.Forget(user);

    public async Task EndAsync(string token, CancellationToken cancellation)
    {
        await store.RemoveAsync(SecretToken.Hash(token), cancellation);
        memory.Forget(TokenHash.Of(token));
    }

    /// <summary>Ends one session of a user, or all of them but that of a token; how many.</summary>
    public async Task<int> RevokeAsync(UserId user, SessionId? id, string? exceptToken, CancellationToken cancellation)
    {
        var ended = await store.RevokeAsync(user, id, exceptToken is null ? null : SecretToken.Hash(exceptToken), cancellation);
        memory.Forget(user);
        return ended;
    }

    /// <summary>The memory is one for sessions and keys, and a key in a cookie is none.</summary>
    private KnownAccess? Known(TokenHash hash) => memory.Find(hash) is { Access.Session: not null } known ? known : null;

    /// <summary>A program's name for itself is anybody's text: short, and of visible characters alone.</summary>
    private static string Cut(string agent) => string.Concat(agent.Where(letter => letter is >= ' ' and <= '~').Take(MaxAgent));
}
