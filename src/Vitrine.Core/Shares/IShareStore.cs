using Vitrine.Core.Users;

namespace Vitrine.Core.Shares;

/// <summary>
/// Share links. Promise: only the SHA-256 of a link's secret is stored; a link works while its row is there, its time is not over and its maker may see the
/// library, and of one that does not work nothing is told, not even that it was there; links go with their maker and their collection.
/// </summary>
public interface IShareStore
{
    /// <summary>Null: the collection or the user is gone, or the user has <see cref="NewShare.MaxOfUser"/> links. Those of the user that expired go.</summary>
    Task<Share?> AddAsync(NewShare share, CancellationToken cancellation);

    /// <summary>Links that are not expired, newest first, to collections of the libraries granted.</summary>
    /// <param name="maker">Null: those of all users.</param>
    Task<Page<Share>> ListAsync(Grants grants, UserId? maker, string? after, int limit, CancellationToken cancellation);

    /// <summary>Revokes a link. False: there is none, or it is not <paramref name="maker"/>'s.</summary>
    /// <param name="maker">Null: anybody's.</param>
    Task<bool> RemoveAsync(ShareId id, UserId? maker, CancellationToken cancellation);

    /// <summary>What the link with this hash shows now; null where it does not work, for whatever cause.</summary>
    Task<SharedCollection?> FindAsync(byte[] tokenHash, CancellationToken cancellation);
}
