using Microsoft.Win32.SafeHandles;
using Vitrine.Core.Decoding;
using Vitrine.Core.Jobs;
using Vitrine.Core.Libraries;
using Vitrine.Imaging.Native;
using Vitrine.Imaging.Sources.Zip;

namespace Vitrine.Imaging.Sources;

/// <summary>A ZIP or CBZ archive, opened once and read in place; nothing of it is written to a disk.</summary>
internal sealed class ZipSource : ISource
{
    private readonly SafeFileHandle _file;
    private readonly DecodeLimits _limits;
    private readonly IReadHook? _hook;
    private readonly FileState _opened;
    private readonly bool _changed;
    private readonly Lazy<Contents> _contents;

    public ZipSource(SafeFileHandle file, ContainerPlace place, DecodeLimits limits, IReadHook? hook)
    {
        (_file, _limits, _hook) = (file, limits, hook);
        _opened = Posix.Stat(file);
        _changed = place.Version is { } recorded && !SourceOpener.IsRecorded(recorded, _opened.Version);
        _contents = new(() => new Contents(ReadDirectory()));
    }

    public ListEnd List(ListRequest request, Action<Listed> send)
    {
        var refused = new Dictionary<string, int>();
        var images = new List<(byte[] Key, ZipEntry Entry)>();
        foreach (var entry in _contents.Value.Entries.Where(ZipRules.IsImage))
        {
            var reason = _contents.Value.Overlapping.Contains(entry) ? Reason.ArchiveCorrupt : ZipRules.Refusal(entry, _limits);
            if (reason is null) images.Add((NaturalKey.Of(entry.Name, entry.RawName), entry));
            else refused[reason] = refused.GetValueOrDefault(reason) + 1;
        }
        Send(images, request.GroupSize, send);
        var version = IsUnchanged() ? _opened.Version : (SourceVersion?)null;
        return new(ReasonForNone(images.Count, refused), version, _opened.NewestNs, 1, refused);
    }

    public SourceVersion Read(RawName name, int occurrence, SourceVersion recorded, OriginalBytes into)
    {
        into.Clear();
        if (_changed || !IsUnchanged()) throw RefusedException.Changed();
        if (!_contents.Value.ByPlace.TryGetValue((name, occurrence), out var entry)) throw RefusedException.Missing();
        if (entry.Version != recorded) throw RefusedException.Changed();
        if (_contents.Value.Overlapping.Contains(entry)) throw RefusedException.Corrupt("Its bytes are those of another entry.");
        if (ZipRules.Refusal(entry, _limits) is { } reason)
        {
            var outcome = reason == Reason.Encrypted ? Outcome.Skipped : Outcome.Failed;
            throw new RefusedException(outcome, reason == Reason.ArchiveCorrupt ? Reason.Corrupt : reason, Reason.Of(reason).Meaning);
        }
        try
        {
            ZipReader.Read(_file, _opened.Size, entry, into, _hook);
        }
        catch (RefusedException) when (!IsUnchanged())
        {
            throw RefusedException.Changed();
        }
        return IsUnchanged() ? entry.Version : throw RefusedException.Changed();
    }

    private static void Send(List<(byte[] Key, ZipEntry Entry)> images, int groupSize, Action<Listed> send)
    {
        using var groups = new ListGroups(groupSize, send);
        images.Sort((a, b) => a.Key.AsSpan().SequenceCompareTo(b.Key) is var order and not 0 ? order : a.Entry.Occurrence - b.Entry.Occurrence);
        foreach (var (key, entry) in images)
            groups.Add(new ListedImage(entry.RawName, entry.Occurrence, entry.Name, key, entry.Version, 0));
    }

    /// <summary>An archive with pictures of which none can be read says why by its most frequent reason.</summary>
    private static string? ReasonForNone(int images, Dictionary<string, int> refused) =>
        images == 0 && refused.Count > 0 ? refused.MaxBy(r => r.Value).Key : null;

    private IReadOnlyList<ZipEntry> ReadDirectory()
    {
        if (_opened.Size == 0) throw new RefusedException(Outcome.Failed, Reason.Empty, "The file has no bytes.");
        if (IsOtherArchive()) throw RefusedException.Unsupported("It is an archive of another format under this name.");
        return ZipDirectory.Read(_file, _opened.Size, _limits);
    }

    /// <summary>RAR and 7z, which often carry a comic book's extension.</summary>
    private bool IsOtherArchive()
    {
        Span<byte> start = stackalloc byte[6];
        var got = RandomAccess.Read(_file, start, 0);
        return start[..got].StartsWith("Rar!"u8) || start[..got].SequenceEqual((ReadOnlySpan<byte>)[(byte)'7', (byte)'z', 0xbc, 0xaf, 0x27, 0x1c]);
    }

    private bool IsUnchanged() => Posix.Stat(_file).Version == _opened.Version;

    public void Dispose() => _file.Dispose();

    private sealed class Contents(IReadOnlyList<ZipEntry> entries)
    {
        public IReadOnlyList<ZipEntry> Entries { get; } = entries;
        public HashSet<ZipEntry> Overlapping { get; } = ZipRules.Overlapping(entries);
        public Dictionary<(RawName, int), ZipEntry> ByPlace { get; } = entries.ToDictionary(e => (new RawName(e.RawName), e.Occurrence));
    }
}
