using System.Runtime.InteropServices;
using Vitrine.Core.Jobs;
using Vitrine.Core.Libraries;

namespace Vitrine.Backends.Sql;

/// <summary>How the inbox counts an image or container that stands as failed or skipped.</summary>
internal readonly record struct StandingMark(string Reason, string Decoder, bool Ignored);

/// <summary>
/// What one transaction changes in the counters of collections and libraries, gathered while rows change and written once at its end,
/// in order of id.
/// </summary>
internal sealed class Counters
{
    private readonly Dictionary<long, Delta> _collections = [];
    private readonly Dictionary<long, Delta> _libraries = [];
    private readonly Dictionary<(long Library, string Preset), (long Count, long Bytes)> _presets = [];
    private readonly Dictionary<(Handler Kind, long Library, StandingMark Mark), long> _standing = [];

    /// <summary>An image appears (no <paramref name="from"/>), goes (no <paramref name="to"/>), or changes its state.</summary>
    public void Image(long library, long collection, ImageState? from, ImageState? to)
    {
        if (from == to) return;
        Count(ref CollectionsMarshal.GetValueRefOrAddDefault(_collections, collection, out _), from, to);
        Count(ref CollectionsMarshal.GetValueRefOrAddDefault(_libraries, library, out _), from, to);
    }

    /// <summary>Links of images to blobs appear, go (negative), or change their size.</summary>
    public void Links(long library, long collection, string preset, long count, long bytes)
    {
        ref var delta = ref CollectionsMarshal.GetValueRefOrAddDefault(_collections, collection, out _);
        delta.Derivatives += count;
        delta.Bytes += bytes;
        var (oldCount, oldBytes) = _presets.GetValueOrDefault((library, preset));
        _presets[(library, preset)] = (oldCount + count, oldBytes + bytes);
    }

    public void FailedContainers(long library, int change) =>
        CollectionsMarshal.GetValueRefOrAddDefault(_libraries, library, out _).FailedContainers += change;

    /// <summary>Something begins to stand in the inbox (no <paramref name="from"/>), no longer does (no <paramref name="to"/>), or stands otherwise.</summary>
    public void Standing(Handler kind, long library, StandingMark? from, StandingMark? to)
    {
        if (from == to) return;
        if (from is { } old) CollectionsMarshal.GetValueRefOrAddDefault(_standing, (kind, library, old), out _)--;
        if (to is { } now) CollectionsMarshal.GetValueRefOrAddDefault(_standing, (kind, library, now), out _)++;
    }

    public void Write(SqlSession sql)
    {
        foreach (var (collection, delta) in _collections.OrderBy(c => c.Key)) WriteCollection(sql, collection, delta);
        foreach (var (library, delta) in _libraries.OrderBy(l => l.Key)) WriteLibrary(sql, library, delta);
        foreach (var ((library, preset), (count, bytes)) in _presets.OrderBy(p => p.Key))
        {
            if (count == 0 && bytes == 0) continue;
            sql.Execute(
                """
                INSERT INTO library_derivatives (library_id, preset, count, bytes) VALUES ($1, $2, $3, $4)
                ON CONFLICT (library_id, preset) DO UPDATE SET count = count + excluded.count, bytes = bytes + excluded.bytes
                """, library, preset, count, bytes);
        }
        foreach (var ((kind, library, mark), change) in _standing) WriteStanding(sql, kind, library, mark, change);
    }

    /// <summary>A group that counts nothing any more goes: old decoder versions leave no rows behind.</summary>
    private static void WriteStanding(SqlSession sql, Handler kind, long library, StandingMark mark, long change)
    {
        if (change == 0) return;
        sql.Execute(
            """
            INSERT INTO failure_groups (kind, library_id, reason, decoder, ignored, count) VALUES ($1, $2, $3, $4, $5, $6)
            ON CONFLICT (kind, library_id, reason, decoder, ignored) DO UPDATE SET count = count + excluded.count
            """, kind, library, mark.Reason, mark.Decoder, mark.Ignored, change);
        if (change > 0) return;
        sql.Execute(
            "DELETE FROM failure_groups WHERE kind = $1 AND library_id = $2 AND reason = $3 AND decoder = $4 AND ignored = $5 AND count = 0",
            kind, library, mark.Reason, mark.Decoder, mark.Ignored);
    }

    private void WriteCollection(SqlSession sql, long collection, Delta delta)
    {
        if (delta == default) return;
        var after = sql.First(
            """
            UPDATE collections SET images = images + $2, ready = ready + $3, failed = failed + $4, skipped = skipped + $5,
                derivatives = derivatives + $6, derivative_bytes = derivative_bytes + $7
            WHERE id = $1 RETURNING images, library_id
            """, row => Tuple.Create(row.Long(0), row.Long(1)),
            collection, delta.Images, delta.Ready, delta.Failed, delta.Skipped, delta.Derivatives, delta.Bytes)
            ?? throw new InvalidOperationException($"Collection {collection} is gone while its counters change.");
        var appeared = (after.Item1 > 0 ? 1 : 0) - (after.Item1 - delta.Images > 0 ? 1 : 0);
        if (appeared != 0) CollectionsMarshal.GetValueRefOrAddDefault(_libraries, after.Item2, out _).Collections += appeared;
    }

    private static void WriteLibrary(SqlSession sql, long library, Delta delta)
    {
        if (delta == default) return;
        sql.Execute(
            """
            UPDATE libraries SET collections = collections + $2, images = images + $3, ready = ready + $4, failed = failed + $5,
                skipped = skipped + $6, failed_containers = failed_containers + $7
            WHERE id = $1
            """, library, delta.Collections, delta.Images, delta.Ready, delta.Failed, delta.Skipped, delta.FailedContainers);
    }

    private static void Count(ref Delta delta, ImageState? from, ImageState? to)
    {
        delta.Images += (to is null ? 0 : 1) - (from is null ? 0 : 1);
        Count(ref delta, from, -1);
        Count(ref delta, to, 1);
    }

    private static void Count(ref Delta delta, ImageState? state, int change)
    {
        if (state == ImageState.Ready) delta.Ready += change;
        if (state == ImageState.Failed) delta.Failed += change;
        if (state == ImageState.Skipped) delta.Skipped += change;
    }

    private record struct Delta(
        long Collections, long Images, long Ready, long Failed, long Skipped, long FailedContainers, long Derivatives, long Bytes);
}
