using Vitrine.Core.Files;
using Vitrine.Core.Users;
using Vitrine.Server.Hosting;

namespace Vitrine.Server.Security;

/// <summary>
/// Refusals that may be an attack: a line <c>Security: …</c> in the log and a row of the audit. Whoever makes one refusal can make a million: each is said once in a
/// <see cref="Window"/> for who does what, and at most <see cref="MostInWindow"/> in all. (Refused paths end at <see cref="RefusedPaths"/>.)
/// </summary>
internal sealed partial class SecurityEvents(IAuditStore audit, TimeProvider time, ILogger<SecurityEvents> logger)
{
    /// <summary>An account was locked after too many wrong passwords.</summary>
    public const string LockOut = "lockOut";

    /// <summary>Somebody asked more often than a limit allows.</summary>
    public const string RateLimited = "rateLimited";

    /// <summary>As long as the windows of the limits.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    public const int MostInWindow = 10;

    private readonly Lock _changing = new();
    private readonly HashSet<(string Who, string What, string? Account)> _said = [];
    private long _since = time.GetTimestamp();

    /// <summary>A refusal by a limit. An audit that cannot be written is the request's error, as everywhere.</summary>
    /// <param name="account">The user that was tried, where the limit is one of accounts.</param>
    public async Task LimitedAsync(HttpContext context, string? account)
    {
        var operation = context.GetEndpoint()?.Metadata.GetMetadata<IEndpointNameMetadata>()?.EndpointName ?? "request";
        var access = (context.User.Identity as AccessIdentity)?.Access;
        var who = access?.Name ?? AddressOf(context);
        if (!IsToBeSaid((who, operation, account))) return;
        var tried = account is null ? null : PlainText.Escape(account);
        LogLimited(who, operation, tried ?? "none");
        await audit.AddAsync(new(time.GetUtcNow(), access?.User, who, access?.Key, RateLimited, operation, tried), CancellationToken.None);
    }

    /// <summary>The row for the audit, should this attempt lock the account.</summary>
    public NewAuditEntry LockOutOf(HttpContext context, string account) =>
        new(time.GetUtcNow(), null, AddressOf(context), null, LockOut, PlainText.Escape(account), null);

    /// <summary>An account is locked: that ends by itself, and can come again only then.</summary>
    public void LockedOut(HttpContext context, string account) => LogLockedOut(PlainText.Escape(account), AddressOf(context));

    private bool IsToBeSaid((string Who, string What, string? Account) limited)
    {
        lock (_changing)
        {
            if (time.GetElapsedTime(_since) >= Window)
            {
                _since = time.GetTimestamp();
                _said.Clear();
            }
            return _said.Count < MostInWindow && _said.Add(limited);
        }
    }

    private static string AddressOf(HttpContext context) => OwnerSocket.IsOver(context) ? "owner" : RateLimits.AddressOf(context.Connection.RemoteIpAddress);

    [LoggerMessage(195, LogLevel.Warning, "Security: {Who} asks for {Operation} more often than allowed (account: {Account}). Said once a minute.")]
    private partial void LogLimited(string who, string operation, string account);

    [LoggerMessage(196, LogLevel.Warning, "Security: the account {Account} is locked after too many wrong passwords, the last from {Address}.")]
    private partial void LogLockedOut(string account, string address);
}
