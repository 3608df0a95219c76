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
    private readonly Dictionary<(long Library, string Preset, string ContentType), (long Count, long Bytes)> _presets = [];
    private readonly Dictionary<(long Library, string Preset), (long Made, long Microseconds)> _costs = [];
    private readonly Dictionary<(Handler Kind, long Library, StandingMark Mark), long> _standing = [];
    private (long SharedLinks, long SharedBytes, long RemovedLinks, long RemovedBytes) _totals;

    /// <summary>An image appears (no <paramref name="from"/>), goes (no <paramref name="to"/>), or changes its state.</summary>
    public void Image(long library, long collection, ImageState? from, ImageState? to)
    {
        if (from == to) return;
        Count(ref CollectionsMarshal.GetValueRefOrAddDefault(_collections, collection, out _), from, to);
        Count(ref CollectionsMarshal.GetValueRefOrAddDefault(_libraries, library, out _), from, to);
    }

    /// <summary>Links of images to blobs appear, go (negative), or change their size.</summary>
    public void Links(long library, long collection, string preset, string contentType, long count, long bytes)
    {
        ref var delta = ref CollectionsMarshal.GetValueRefOrAddDefault(_collections, collection, out _);
        delta.Derivatives += count;
        delta.Bytes += bytes;
        var (oldCount, oldBytes) = _presets.GetValueOrDefault((library, preset, contentType));
        _presets[(library, preset, contentType)] = (oldCount + count, oldBytes + bytes);
    }

    /// <summary>An image gets its first derivative (1), or loses its last (-1).</summary>
    public void Cached(long library, long collection, int change)
    {
        CollectionsMarshal.GetValueRefOrAddDefault(_collections, collection, out _).Cached += change;
        CollectionsMarshal.GetValueRefOrAddDefault(_libraries, library, out _).Cached += change;
    }

    /// <summary>Links to blobs that have another one already, of removed images too.</summary>
    public void Shared(long links, long bytes) => _totals = _totals with { SharedLinks = _totals.SharedLinks + links, SharedBytes = _totals.SharedBytes + bytes };

    /// <summary>Links of removed images.</summary>
    public void Removed(long links, long bytes) => _totals = _totals with { RemovedLinks = _totals.RemovedLinks + links, RemovedBytes = _totals.RemovedBytes + bytes };

    /// <summary>A derivative was made in so much processor time.</summary>
    public void Made(long library, string preset, TimeSpan cost)
    {
        var (made, microseconds) = _costs.GetValueOrDefault((library, preset));
        _costs[(library, preset)] = (made + 1, microseconds + (long)cost.TotalMicroseconds);
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
        WriteCollections(sql);
        foreach (var (library, delta) in _libraries.OrderBy(l => l.Key)) WriteLibrary(sql, library, delta);
        foreach (var ((library, preset, contentType), (count, bytes)) in _presets.OrderBy(p => p.Key)) WriteLinks(sql, library, preset, contentType, count, bytes);
        foreach (var ((library, preset), (made, microseconds)) in _costs.OrderBy(c => c.Key)) WriteCost(sql, library, preset, made, microseconds);
        foreach (var ((kind, library, mark), change) in _standing) WriteStanding(sql, kind, library, mark, change);
        if (_totals == default) return;
        sql.Send(
            """
            UPDATE cache_totals SET shared_links = shared_links + $1, shared_bytes = shared_bytes + $2, removed_links = removed_links + $3,
                removed_bytes = removed_bytes + $4
            WHERE id = 1
            """, _totals.SharedLinks, _totals.SharedBytes, _totals.RemovedLinks, _totals.RemovedBytes);
    }

    private static void WriteLinks(SqlSession sql, long library, string preset, string contentType, long count, long bytes)
    {
        if (count == 0 && bytes == 0) return;
        sql.Send(
            """
            INSERT INTO library_derivatives (library_id, preset, content_type, count, bytes) VALUES ($1, $2, $3, $4, $5)
            ON CONFLICT (library_id, preset, content_type) DO UPDATE SET
                count = library_derivatives.count + excluded.count, bytes = library_derivatives.bytes + excluded.bytes
            """, library, preset, contentType, count, bytes);
    }

    private static void WriteCost(SqlSession sql, long library, string preset, long made, long microseconds) => sql.Send(
        """
        INSERT INTO preset_costs (library_id, preset, made, cpu_us) VALUES ($1, $2, $3, $4)
        ON CONFLICT (library_id, preset) DO UPDATE SET made = preset_costs.made + excluded.made, cpu_us = preset_costs.cpu_us + excluded.cpu_us
        """, library, preset, made, microseconds);

    /// <summary>A group that counts nothing any more goes: old decoder versions leave no rows behind.</summary>
    private static void WriteStanding(SqlSession sql, Handler kind, long library, StandingMark mark, long change)
    {
        if (change == 0) return;
        sql.Send(
            """
            INSERT INTO failure_groups (kind, library_id, reason, decoder, ignored, count) VALUES ($1, $2, $3, $4, $5, $6)
            ON CONFLICT (kind, library_id, reason, decoder, ignored) DO UPDATE SET count = failure_groups.count + excluded.count
            """, kind, library, mark.Reason, mark.Decoder, mark.Ignored, change);
        if (change > 0) return;
        sql.Send(
            "DELETE FROM failure_groups WHERE kind = $1 AND library_id = $2 AND reason = $3 AND decoder = $4 AND ignored = $5 AND count = 0",
            kind, library, mark.Reason, mark.Decoder, mark.Ignored);
    }

    private void WriteCollections(SqlSession sql)
    {
        var changed = _collections.Where(c => c.Value != default).OrderBy(c => c.Key).ToList();
        if (changed.Count == 0) return;
        var before = sql.Query("SELECT id, images, cached, library_id FROM collections WHERE id IN (SELECT value FROM json_each($1))",
            row => (Id: row.Long(0), Images: row.Long(1), Cached: row.Long(2), Library: row.Long(3)), SqlSession.List(changed.Select(c => c.Key)))
            .ToDictionary(collection => collection.Id);
        foreach (var (id, delta) in changed)
        {
            if (!before.TryGetValue(id, out var collection)) throw new InvalidOperationException($"Collection {id} is gone while its counters change.");
            WriteCollection(sql, id, delta);
            var (appeared, cached) = (Appeared(collection.Images, delta.Images), Appeared(collection.Cached, delta.Cached));
            if (appeared == 0 && cached == 0) continue;
            ref var library = ref CollectionsMarshal.GetValueRefOrAddDefault(_libraries, collection.Library, out _);
            library.Collections += appeared;
            library.CachedCollections += cached;
        }
    }

    private static void WriteCollection(SqlSession sql, long collection, in Delta delta) => sql.Send(
        """
        UPDATE collections SET images = images + $2, ready = ready + $3, failed = failed + $4, skipped = skipped + $5,
            derivatives = derivatives + $6, derivative_bytes = derivative_bytes + $7, cached = cached + $8
        WHERE id = $1
        """, collection, delta.Images, delta.Ready, delta.Failed, delta.Skipped, delta.Derivatives, delta.Bytes, delta.Cached);

    /// <summary>1 where a count becomes more than 0, -1 where it becomes 0.</summary>
    private static int Appeared(long before, long change) => (before + change > 0 ? 1 : 0) - (before > 0 ? 1 : 0);

    private static void WriteLibrary(SqlSession sql, long library, Delta delta)
    {
        if (delta == default) return;
        sql.Send(
            """
            UPDATE libraries SET collections = collections + $2, images = images + $3, ready = ready + $4, failed = failed + $5,
                skipped = skipped + $6, failed_containers = failed_containers + $7, cached = cached + $8, cached_collections = cached_collections + $9
            WHERE id = $1
            """, library, delta.Collections, delta.Images, delta.Ready, delta.Failed, delta.Skipped, delta.FailedContainers, delta.Cached,
            delta.CachedCollections);
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
        long Collections, long Images, long Ready, long Failed, long Skipped, long FailedContainers, long Derivatives, long Bytes, long Cached,
        long CachedCollections);
}
