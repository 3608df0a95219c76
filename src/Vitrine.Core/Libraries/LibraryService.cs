using Vitrine.Core.Derivatives;
using Vitrine.Core.Jobs;

namespace Vitrine.Core.Libraries;

/// <summary>Adds and changes libraries, after the checks that keep a scanner from eating another library, or its own cache.</summary>
public sealed class LibraryService(ILibraryStore libraries, IJobStore jobs, RootChecks roots, Presets known)
{
    public const int MaxNameLength = 200;
    public const int MaxExcludes = 1000;

    /// <summary>Adds a library and starts its first scan. Without a name it gets its folder's.</summary>
    public async Task<LibraryAnswer> AddAsync(string root, string? name, LibrarySettings? given, CancellationToken cancellation)
    {
        var settings = given ?? LibrarySettings.Default;
        if (Refusal(name, settings, known.Now) is { } refused) return refused;
        var checkedRoot = await roots.CheckAsync(root, null, cancellation);
        if (checkedRoot is not RootAnswer.Fits fits) return Refused((RootAnswer.Refused)checkedRoot);

        var added = await libraries.AddAsync(new(name ?? DefaultName(fits.Root), fits.Root, settings, fits.Mount), cancellation);
        if (added is null) return new LibraryAnswer.Refused("inside-library", $"'{root}' was just added by somebody else.");
        return new LibraryAnswer.Stored(added, await ScanAsync(added, null, cancellation));
    }

    /// <summary>
    /// Changes what is not null. A root is checked like that of a new library, has to hold what is recorded, and is scanned; its mount is confirmed. Presets that are new are made for the images that
    /// are known already.
    /// </summary>
    public async Task<LibraryAnswer?> ChangeAsync(LibraryId id, LibraryChange change, CancellationToken cancellation)
    {
        if (await FindAsync(id, cancellation) is not { } library) return null;
        var former = library.Settings;
        var settings = change.Over(former);
        if (Refusal(change.Name, settings, known.Now) is { } refused) return refused;

        var (root, mount) = (library.Root, library.Mount);
        if (change.Root is not null)
        {
            var checkedRoot = await roots.CheckMovedAsync(change.Root, id, change.Force, cancellation);
            if (checkedRoot is not RootAnswer.Fits fits) return Refused((RootAnswer.Refused)checkedRoot);
            (root, mount) = (fits.Root, fits.Mount);
        }
        if (!await libraries.UpdateAsync(id, new(change.Name ?? library.Name, root, settings, mount), cancellation)) return null;
        if (await FindAsync(id, cancellation) is not { } changed) return null;
        if (settings.Presets.Except(former.Presets).Any()) await jobs.AddAsync(new(Handler.Derive, new(id, settings.Presets)), cancellation);
        var rescan = change.Root is not null || change.Exclude is not null;
        return new LibraryAnswer.Stored(changed, rescan ? await ScanAsync(changed, null, cancellation) : null);
    }

    public async Task<Library?> FindAsync(LibraryId id, CancellationToken cancellation) =>
        (await libraries.ListAsync(cancellation)).FirstOrDefault(library => library.Id == id);

    /// <summary>Adds a scan of the whole library; null where the library went meanwhile.</summary>
    public Task<Job?> ScanAsync(Library library, string? idempotencyKey, CancellationToken cancellation) =>
        jobs.AddAsync(new(Handler.Scan, new(library.Id, library.Settings.Presets), IdempotencyKey: idempotencyKey), cancellation);

    private static LibraryAnswer.Refused? Refusal(string? name, LibrarySettings settings, PresetSet presets)
    {
        if (name is not null && (name.Length is 0 or > MaxNameLength || name.Any(char.IsControl)))
            return new("bad-name", $"A library's name has 1 to {MaxNameLength} characters and no control characters.");
        if (presets.ProblemOf(settings.Presets) is { } wrong) return new("bad-preset", wrong);
        if (NodeLabels.Refusal(settings.NodeLabels ?? []) is { } labels) return new("bad-labels", labels);
        return settings.Exclude.Count > MaxExcludes || settings.Exclude.Any(glob => glob.Length is 0 or > SourcePath.MaxBytes)
            ? new("bad-exclude", $"At most {MaxExcludes} globs, each of 1 to {SourcePath.MaxBytes} characters.")
            : null;
    }

    private static LibraryAnswer.Refused Refused(RootAnswer.Refused refused) => new(refused.Code, refused.Message);

    private static string DefaultName(string root) =>
        Path.GetFileName(root) is { Length: > 0 } last ? last[..Math.Min(last.Length, MaxNameLength)] : root;
}

/// <summary>Null leaves a value as it is.</summary>
/// <param name="Force">Whether a root is taken that does not hold what is recorded.</param>
public sealed record LibraryChange(string? Name, IReadOnlyList<string>? Presets, IReadOnlyList<string>? Exclude, string? Root, bool? Watch = null, bool Force = false, bool? AllowMetadata = null, IReadOnlyList<string>? NodeLabels = null)
{
    public LibrarySettings Over(LibrarySettings former) => new(
        Presets ?? former.Presets, Exclude ?? former.Exclude, AllowMetadata ?? former.AllowMetadata, Watch ?? former.Watch, NodeLabels ?? former.NodeLabels);
}

public abstract record LibraryAnswer
{
    /// <summary>The code of a root that is a library already.</summary>
    public const string Known = "known";

    private LibraryAnswer() { }

    /// <param name="Scan">The scan that was started, where there was a reason for one.</param>
    public sealed record Stored(Library Library, Job? Scan) : LibraryAnswer;

    /// <param name="Code">One of: not-absolute, missing, not-a-folder, unreadable, pseudo-file-system, known, inside-library, contains-library, cache-folder, data-folder, other-library, bad-name, bad-preset, bad-labels, bad-exclude.</param>
    /// <param name="Message">One line: what, why, and what to do.</param>
    public sealed record Refused(string Code, string Message) : LibraryAnswer;
}
