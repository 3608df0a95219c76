using Vitrine.Core.Users;

namespace Vitrine.Core.Alerts;

/// <summary>
/// Alerts. Promise: a code and subject have one alert, which is open until its cause is cleared or somebody dismisses it; each raise is given
/// to be logged once, whichever node asks. That of a job's failures is raised by the ledger, in the commit that counts them. One about a library is to
/// whoever has no grant on it as if it were not there.
/// </summary>
public interface IAlertStore
{
    /// <summary>False: it stands already (also where it was dismissed), and nothing changes.</summary>
    Task<bool> RaiseAsync(NewAlert alert, CancellationToken cancellation);

    /// <summary>The cause is gone. False: it does not stand.</summary>
    Task<bool> ClearAsync(string code, string subject, CancellationToken cancellation);

    /// <summary>Somebody has read it. False: there is none for these grants.</summary>
    Task<bool> DismissAsync(Grants grants, AlertId id, CancellationToken cancellation);

    /// <summary>Those that changed last first; only open ones where <paramref name="open"/>.</summary>
    Task<Page<Alert>> ListAsync(Grants grants, bool open, string? after, int limit, CancellationToken cancellation);

    /// <summary>Alerts that were raised and that no node has logged since; they are from now on.</summary>
    Task<IReadOnlyList<Alert>> TakeUnloggedAsync(int limit, CancellationToken cancellation);
}
