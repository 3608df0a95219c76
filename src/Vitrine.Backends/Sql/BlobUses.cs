using Vitrine.Core.CacheFolders;

namespace Vitrine.Backends.Sql;

/// <summary>Last uses of blobs, within somebody's transaction.</summary>
internal static class BlobUses
{
    public static void Touch(SqlSession sql, IReadOnlyDictionary<BlobId, DateTimeOffset> uses)
    {
        foreach (var (blob, at) in uses.OrderBy(use => use.Key))
        {
            sql.Execute("UPDATE blobs SET used_at = $2 WHERE id = $1 AND used_at < $3", blob.Value, at, at - IBlobUse.Grain);
        }
    }
}
