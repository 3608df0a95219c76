using Microsoft.Win32.SafeHandles;
using Vitrine.Core.Decoding;
using Vitrine.Core.Files;
using Vitrine.Core.Jobs;
using Vitrine.Core.Libraries;
using Vitrine.Imaging.Formats;
using Vitrine.Imaging.Sources.Archives;

namespace Vitrine.Imaging.Sources;

/// <summary>A directory: its images, and the directories and archives directly in it.</summary>
internal sealed class DirectorySource(OpenDirectory directory, ContainerPlace place, DecodeLimits limits, IReadHook? hook) : ISource
{
    private const int ReadBytes = 1 << 20;

    private readonly OtherNames _others = new();
    private readonly bool _inodesLast = directory.InodesLast;

    /// <summary>d_type of linux_dirent64; file systems may leave it unknown.</summary>
    private const byte UnknownType = 0, DirectoryType = 4, RegularType = 8;

    public ListEnd List(ListRequest request, Action<Listed> send)
    {
        var before = directory.State;
        var rules = new IgnoreRules(request.Exclude);
        var digest = new ListingDigest();
        if (!IsLeftOut(rules))
        {
            var names = ReadNames(out var reason);
            if (reason is not null) return new(reason, null, before.NewestNs, 1, new Dictionary<string, int>());
            using var groups = new ListGroups(ContainerKind.Directory, request.GroupSize, send);
            foreach (var (name, kind) in names.InOrder()) Emit(name, kind, rules, groups, digest);
        }
        var after = directory.State;
        return new(null, before.Version == after.Version ? before.Recordable(_inodesLast) : null, after.NewestNs, 1, new Dictionary<string, int>(), digest.End(), _others.Counts);
    }

    /// <summary>Whether a listing has this digest now: without putting it in order, one look at each name.</summary>
    public bool HasDigest(ReadOnlySpan<byte> recorded, IEnumerable<string> exclude, Action looked)
    {
        var rules = new IgnoreRules(exclude);
        if (IsLeftOut(rules)) return false;
        var digest = new ListingDigest();
        EachName((name, type) =>
        {
            if (KindOf(name, type) is { } kind && Look(name, kind, rules) is { } state) digest.Add(name, kind, state.Recordable(_inodesLast));
            looked();
        });
        return digest.End().AsSpan().SequenceEqual(recorded);
    }

    /// <summary>While one is decoded the disk fetches the next one.</summary>
    public IEnumerable<DeriveItem> InReadingOrder(IReadOnlyList<DeriveItem> items)
    {
        for (var at = 0; at < items.Count; at++)
        {
            if (at + 1 < items.Count) directory.Expect(items[at + 1].RawName);
            yield return items[at];
        }
    }

    public SourceVersion Read(RawName name, int occurrence, SourceVersion recorded, OriginalBytes into)
    {
        into.Clear();
        using var file = directory.Read(name.Bytes);
        var before = FileState.Of(file).Version;
        if (!SourceOpener.IsRecorded(recorded, before)) throw RefusedException.Changed();
        if (before.Size == 0) throw new RefusedException(Outcome.Failed, Reason.Empty, "The file has no bytes.");
        if (before.Size > Math.Min(limits.MaxSourceBytes, int.MaxValue - ReadBytes))
            throw new RefusedException(Outcome.Failed, Reason.TooLarge, $"too large: {before.Size >> 20} MiB is over the limit of {limits.MaxSourceBytes >> 20} MiB.");
        into.Reserve(before.Size + 1);
        ReadAll(file, before.Size, into);
        var after = FileState.Of(file).Version;
        if (after != before || into.Length != before.Size || !IsStillNamed(name, before)) throw RefusedException.Changed();
        return before;
    }

    private void ReadAll(SafeFileHandle file, long size, OriginalBytes into)
    {
        while (true)
        {
            // One byte more than the size tells a file that grows; more than that is not wanted.
            var wanted = (int)Math.Min(ReadBytes, size + 1 - into.Length);
            if (wanted == 0) return;
            var got = RandomAccess.Read(file, into.Room(wanted), into.Length);
            if (got == 0) return;
            into.Advance(got);
            hook?.OnBytes(into.Span);
        }
    }

    /// <summary>A rename over the name leaves the open file as it was: the name must still lead to it.</summary>
    private bool IsStillNamed(RawName name, SourceVersion version) => directory.Look(name.Bytes)?.Version == version;

    /// <summary>Reads the ignore files from the root down. A cache folder, and what an ancestor's rules leave out, has nothing to list.</summary>
    private bool IsLeftOut(IgnoreRules rules)
    {
        var leftOut = false;
        SourceOpener.Visit(place.Root, SourcePath.FromBytes(place.Path), (at, path) =>
        {
            leftOut |= !path.IsRoot && rules.IsIgnored(path.Text, isDirectory: true);
            leftOut |= at.Look(Noise.CacheFolderMarker) is not null;
            rules.AddFileOf(at, path);
        });
        return leftOut;
    }

    private FoundNames ReadNames(out string? reason)
    {
        var found = new FoundNames();
        var complete = EachName((name, type) =>
        {
            if (KindOf(name, type) is { } kind) found.Add(name, kind);
        });
        reason = complete ? null : Reason.TooManyEntries;
        return found;
    }

    /// <summary>False: there are more names than a directory may have.</summary>
    private bool EachName(SeeName see)
    {
        var count = 0;
        return directory.EachName((name, type) =>
        {
            see(name, type);
            return ++count <= limits.MaxDirectoryEntries;
        });
    }

    private delegate void SeeName(ReadOnlySpan<byte> name, byte type);

    private FoundKind? KindOf(ReadOnlySpan<byte> name, byte type)
    {
        if (type is not (UnknownType or DirectoryType or RegularType) || Noise.IsNoise(name)) return null;
        if (type == UnknownType)
        {
            if (directory.Look(name) is not { } state || !(state.IsDirectory || state.IsRegular)) return null;
            type = state.IsDirectory ? DirectoryType : RegularType;
        }
        if (type == DirectoryType) return FoundKind.Directory;
        return KnownExtensions.IsImage(name) ? FoundKind.Image : ArchiveNames.KindOf(name) is not null ? FoundKind.Archive : FoundKind.Other;
    }

    /// <summary>A name that went away, or became something else, since it was read is simply not there, like one that is left out: null.</summary>
    private FileState? Look(ReadOnlySpan<byte> name, FoundKind kind, IgnoreRules rules)
    {
        if (!rules.IsEmpty && rules.IsIgnored(PathOf(name), kind == FoundKind.Directory)) return null;
        if (directory.Look(name) is not { } state || !(kind == FoundKind.Directory ? state.IsDirectory : state.IsRegular)) return null;
        return kind == FoundKind.Directory && directory.Look([.. name, (byte)'/', .. Noise.CacheFolderMarker]) is not null ? null : state;
    }

    private string PathOf(ReadOnlySpan<byte> name) =>
        place.Path.Length == 0 ? FoundNames.Text(name) : $"{FoundNames.Text(place.Path)}/{FoundNames.Text(name)}";

    private void Emit(byte[] name, FoundKind kind, IgnoreRules rules, ListGroups groups, ListingDigest digest)
    {
        if (Look(name, kind, rules) is not { } state) return;
        digest.Add(name, kind, state.Recordable(_inodesLast));
        if (kind == FoundKind.Other)
        {
            _others.Add(name);
            return;
        }
        var text = FoundNames.Text(name);
        var key = NaturalKey.Of(text, name);
        switch (kind)
        {
            case FoundKind.Image:
                groups.Add(new ListedImage(name, 0, text, key, state.Recordable(_inodesLast), state.NewestNs, state.Names == 1));
                break;
            case FoundKind.Directory:
                groups.Add(new ListedContainer(ContainerKind.Directory, name, text, key, state.Recordable(_inodesLast), state.NewestNs, OnlyName: true));
                break;
            case FoundKind.Archive:
                groups.Add(new ListedContainer(ArchiveNames.KindOf(name)!.Value, name, ArchiveNames.Title(text), key, state.Recordable(_inodesLast), state.NewestNs, state.Names == 1));
                break;
        }
    }

    public void Dispose() => directory.Dispose();
}
