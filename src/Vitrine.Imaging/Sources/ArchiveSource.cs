using Microsoft.Win32.SafeHandles;
using Vitrine.Core.Decoding;
using Vitrine.Core.Files;
using Vitrine.Core.Jobs;
using Vitrine.Core.Libraries;
using Vitrine.Imaging.Sources.Archives;

namespace Vitrine.Imaging.Sources;

/// <summary>An archive of any format, opened once and read in place; nothing of it is written to a disk, and no link in it is followed.</summary>
internal sealed class ArchiveSource : ISource
{
    private readonly SafeFileHandle _file;
    private readonly DecodeLimits _limits;
    private readonly IReadHook? _hook;
    private readonly FileState _opened;
    private readonly bool _changed;
    private readonly Lazy<IArchiveReader> _reader;
    private readonly Lazy<Dictionary<(RawName, int), ArchiveEntry>> _byPlace;
    private readonly Lazy<ForwardPass> _pass;

    public ArchiveSource(SafeFileHandle file, ContainerPlace place, DecodeLimits limits, IReadHook? hook, Action passed)
    {
        (_file, _limits, _hook) = (file, limits, hook);
        _opened = FileState.Of(file);
        _changed = place.Version is { } recorded && !SourceOpener.IsRecorded(recorded, _opened.Version);
        _reader = new(() => ArchiveFormats.Open(file, _opened.Size, place.Path, limits, passed));
        _byPlace = new(() => Readable().ToDictionary(entry => (new RawName(entry.RawName), entry.Occurrence)));
        _pass = new(() => new(_reader.Value));
    }

    public ListEnd List(ListRequest request, Action<Listed> send)
    {
        var refused = new Dictionary<string, int>();
        var others = new OtherNames();
        var images = new List<(byte[] Key, ArchiveEntry Entry)>();
        var end = ReadAll(entry =>
        {
            if (EntryRules.IsOther(entry)) others.Add(entry.RawName);
            if (!EntryRules.IsImage(entry)) return;
            if (EntryRules.Refusal(entry, _opened.Size, _limits) is { } reason) refused[reason] = refused.GetValueOrDefault(reason) + 1;
            else images.Add((NaturalKey.Of(entry.Name, entry.RawName), entry));
        });
        // Where nothing was found, the caller has it as any other refusal.
        if (end is not null && images.Count + refused.Count == 0) throw end;
        Send(images, request.GroupSize, send);
        var version = IsUnchanged() ? _opened.Recordable(Inodes.Last(_file)) : (SourceVersion?)null;
        return new(end?.Reason ?? ReasonForNone(images.Count, refused), version, _opened.NewestNs, 1, refused, Others: others.Counts);
    }

    public IEnumerable<DeriveItem> InReadingOrder(IReadOnlyList<DeriveItem> items)
    {
        if (!_reader.Value.Kind.IsSequential()) return items;
        return _pass.Value.Meet(items);
    }

    public SourceVersion Read(RawName name, int occurrence, SourceVersion recorded, OriginalBytes into)
    {
        into.Clear();
        if (_changed || !IsUnchanged()) throw RefusedException.Changed();
        if (Find(name, occurrence) is not { } entry) throw RefusedException.Missing();
        if (entry.Version != recorded) throw RefusedException.Changed();
        return Read(entry, into);
    }

    /// <summary>
    /// Of a sequential archive: reads the wanted original, and what <see cref="SpoolChoice"/> takes beside it, as they are stored, and sends each as it is read.
    /// </summary>
    /// <exception cref="RefusedException">The wanted one cannot be read or is not there, or the archive cannot be read on.</exception>
    public void Spool(SpoolRequest request, OriginalBytes into, Action<OriginalBegins> send)
    {
        if (_changed || !IsUnchanged()) throw RefusedException.Changed();
        if (!_reader.Value.Kind.IsSequential()) throw RefusedException.BadArchive("It is not read in one pass.");
        var choice = new SpoolChoice(request.MaxBytes, TotalBytes());
        var met = false;
        while (!choice.IsOver && _pass.Value.Next() is { } entry)
        {
            var wanted = entry.Occurrence == request.Occurrence && entry.RawName.AsSpan().SequenceEqual(request.RawName);
            if (wanted && entry.Version != request.Version) throw RefusedException.Changed();
            if (!EntryRules.IsImage(entry) || !choice.Takes(entry.Size, wanted)) continue;
            met |= wanted;
            if (IsRead(entry, into, mustBe: wanted)) send(new(entry.RawName, entry.Occurrence, entry.Version));
        }
        if (!met) throw RefusedException.Missing();
    }

    /// <summary>What is on the way and cannot be read is nobody's business here.</summary>
    private bool IsRead(ArchiveEntry entry, OriginalBytes into, bool mustBe)
    {
        try
        {
            Read(entry, into);
            return true;
        }
        catch (RefusedException) when (!mustBe && IsUnchanged())
        {
            return false;
        }
    }

    /// <summary>Of all images. A compressed tar has no list: pictures hardly shrink, so it is taken for what it will come to.</summary>
    private long TotalBytes() => _reader.Value.Kind == ContainerKind.CompressedTar
        ? _opened.Size
        : _reader.Value.Entries().Where(EntryRules.IsImage).Sum(entry => Math.Max(0, entry.Size));

    private SourceVersion Read(ArchiveEntry entry, OriginalBytes into)
    {
        into.Clear();
        if (EntryRules.Refusal(entry, _opened.Size, _limits) is { } reason)
        {
            var outcome = reason == Reason.Encrypted ? Outcome.Skipped : Outcome.Failed;
            throw new RefusedException(outcome, reason == Reason.ArchiveCorrupt ? Reason.Corrupt : reason, Reason.Of(reason).Meaning);
        }
        try
        {
            using var bytes = _reader.Value.Kind.IsSequential() ? _pass.Value.Open() : _reader.Value.Open(entry);
            EntryBytes.Copy(bytes, entry, into, _hook);
        }
        catch (RefusedException) when (!IsUnchanged())
        {
            throw RefusedException.Changed();
        }
        return IsUnchanged() ? entry.Version : throw RefusedException.Changed();
    }

    private ArchiveEntry? Find(RawName name, int occurrence) =>
        _reader.Value.Kind.IsSequential() ? _pass.Value.MoveTo(name, occurrence) : _byPlace.Value.GetValueOrDefault((name, occurrence));

    /// <summary>What can be read of a random archive: one that ends early is good up to there.</summary>
    private List<ArchiveEntry> Readable()
    {
        var entries = new List<ArchiveEntry>();
        var end = ReadAll(entries.Add);
        return end is null || entries.Count > 0 ? entries : throw end;
    }

    private RefusedException? ReadAll(Action<ArchiveEntry> take)
    {
        if (_opened.Size == 0) throw new RefusedException(Outcome.Failed, Reason.Empty, "The file has no bytes.");
        var count = 0;
        long nameBytes = 0;
        try
        {
            foreach (var entry in _reader.Value.Entries())
            {
                if (++count > _limits.MaxArchiveEntries || (nameBytes += entry.RawName.Length) > EntryRules.MaxNameBytes) return EntryRules.TooManyEntries(_limits);
                take(entry);
            }
            return null;
        }
        catch (RefusedException end)
        {
            return end;
        }
    }

    private void Send(List<(byte[] Key, ArchiveEntry Entry)> images, int groupSize, Action<Listed> send)
    {
        using var groups = new ListGroups(_reader.Value.Kind, groupSize, send);
        images.Sort((a, b) => a.Key.AsSpan().SequenceCompareTo(b.Key) is var order and not 0 ? order : a.Entry.Occurrence - b.Entry.Occurrence);
        foreach (var (key, entry) in images)
            groups.Add(new ListedImage(entry.RawName, entry.Occurrence, entry.Name, key, entry.Version, 0));
    }

    /// <summary>An archive with pictures of which none can be read says why by its most frequent reason.</summary>
    private static string? ReasonForNone(int images, Dictionary<string, int> refused) =>
        images == 0 && refused.Count > 0 ? refused.MaxBy(r => r.Value).Key : null;

    private bool IsUnchanged() => FileState.Of(_file).Version == _opened.Version;

    public void Dispose()
    {
        if (_pass.IsValueCreated) _pass.Value.Dispose();
        if (_reader.IsValueCreated) ArchiveFaults.Close(_reader.Value);
        _file.Dispose();
    }
}
