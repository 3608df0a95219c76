namespace Vitrine.Core.Users;

/// <summary>
/// Whose rights were taken back, for all who remember them for a while. Promise: whatever ends a session or a key, changes a role, a grant or a password, or takes a
/// user or a library away has its version in the same transaction; versions become visible in their order, so none is passed over. They are kept for
/// <see cref="KeptFor"/>.
/// </summary>
public interface IWithdrawalStore
{
    /// <summary>Longer than anybody remembers a right without asking.</summary>
    public static readonly TimeSpan KeptFor = TimeSpan.FromHours(1);

    /// <summary>All later than a version; from 0 all that are kept.</summary>
    Task<Withdrawals> SinceAsync(long version, CancellationToken cancellation);
}

/// <param name="Version">The newest; from here the next look goes on.</param>
/// <param name="Users">Each once.</param>
/// <param name="OfEverybody">A library went: what is remembered of anybody may be of it.</param>
public sealed record Withdrawals(long Version, IReadOnlyList<UserId> Users, bool OfEverybody);
