using System.Text.RegularExpressions;
using Vitrine.Core.Jobs;
using Vitrine.Core.Libraries;

namespace Vitrine.Core.Derivatives;

/// <summary>Adds, changes and retires presets, and starts what that makes necessary.</summary>
public sealed partial class PresetService(IPresetStore store, Presets presets, ILibraryStore libraries, IJobStore jobs, Signals signals)
{
    public const int MinEdge = 16;
    public const int MaxEdge = 16384;
    public const int MaxPresets = 32;

    /// <summary>Words that stand in the place of a preset's name in the address of an image.</summary>
    public static IReadOnlyList<string> Reserved { get; } = ["original", "neighbours"];

    public async Task<PresetAnswer> AddAsync(Preset preset, CancellationToken cancellation)
    {
        if (!Names().IsMatch(preset.Name) || Reserved.Contains(preset.Name))
            return new PresetAnswer.Refused("bad-name", $"A preset's name begins with a letter, has at most 32 small letters, digits and hyphens, and is none of {string.Join(", ", Reserved)}.");
        if (ProblemOf(preset) is { } wrong) return wrong;
        if (presets.Now.All.Count >= MaxPresets) return new PresetAnswer.Refused("too-many", $"There are at most {MaxPresets} presets: retire one that nobody uses.");
        if (!await store.AddAsync(preset, cancellation))
            return new PresetAnswer.Refused("known", $"There is a preset '{preset.Name}', or what a retired one of that name made is still being dropped.");
        await presets.RefreshAsync(cancellation);
        return new PresetAnswer.Stored(preset, []);
    }

    /// <summary>
    /// Another recipe under the same name. Each library that makes the preset gets a job, which makes what the recipe did not make; elsewhere a derivative is
    /// made anew when somebody looks at it. Until then the former ones are served. Null: there is no such preset.
    /// </summary>
    public async Task<PresetAnswer?> ChangeAsync(string name, PresetChange change, CancellationToken cancellation)
    {
        await presets.RefreshAsync(cancellation);
        if (presets.Now.Find(name) is not { } former) return null;
        var changed = new Preset(
            name, change.FullSize ? null : change.MaxEdge ?? former.MaxEdge, change.Format ?? former.Format, change.Quality ?? former.Quality, change.KeepFrames ?? former.KeepFrames);
        if (ProblemOf(changed) is { } wrong) return wrong;
        if (changed == former) return new PresetAnswer.Stored(former, []);
        if (!await store.ChangeAsync(changed, cancellation)) return null;
        await presets.RefreshAsync(cancellation);
        return new PresetAnswer.Stored(changed, await MakeAnewAsync(name, cancellation));
    }

    /// <summary>Null: there is no such preset.</summary>
    public async Task<PresetAnswer?> RetireAsync(string name, CancellationToken cancellation)
    {
        if (name == Preset.Thumbnail.Name) return new PresetAnswer.Refused("needed", "Every page shows thumbnails: this preset can be changed and not retired.");
        if ((await libraries.ListAsync(cancellation)).FirstOrDefault(library => library.Settings.Presets.Contains(name)) is { } user)
            return new PresetAnswer.Refused("in-use", $"The library '{user.Name}' makes '{name}': take it out of its presets first.");
        if (!await store.RetireAsync(name, cancellation)) return null;
        await presets.RefreshAsync(cancellation);
        return new PresetAnswer.Retired();
    }

    private async Task<IReadOnlyList<Job>> MakeAnewAsync(string name, CancellationToken cancellation)
    {
        var started = new List<Job>();
        foreach (var library in await libraries.ListAsync(cancellation))
        {
            if (!library.Settings.Presets.Contains(name)) continue;
            if (await jobs.AddAsync(new(Handler.Derive, new(library.Id, [name])), cancellation) is { } job) started.Add(job);
        }
        signals.RingAll();
        return started;
    }

    private static PresetAnswer.Refused? ProblemOf(Preset preset) => preset switch
    {
        { MaxEdge: < MinEdge or > MaxEdge } => new("bad-edge", $"The longest edge has {MinEdge} to {MaxEdge} pixels, or is the original's own."),
        { MaxEdge: null, Name: var name } when name == Preset.Thumbnail.Name => new("bad-edge", "Thumbnails have a longest edge: hundreds of them are shown at once."),
        { Quality: < 1 or > 100 } => new("bad-quality", "The quality is 1 to 100."),
        _ when !Enum.IsDefined(preset.Format) => new("bad-format", "The format is jpeg or webp."),
        _ => null,
    };

    [GeneratedRegex(@"^[a-z][a-z0-9-]{0,31}\z")]
    private static partial Regex Names();
}

/// <summary>Null leaves a value as it is.</summary>
/// <param name="FullSize">The picture's own size, in place of a longest edge.</param>
public sealed record PresetChange(int? MaxEdge, bool FullSize, DerivativeFormat? Format, int? Quality, bool? KeepFrames);

public abstract record PresetAnswer
{
    private PresetAnswer() { }

    /// <param name="Jobs">Started to make anew what another recipe had made.</param>
    public sealed record Stored(Preset Preset, IReadOnlyList<Job> Jobs) : PresetAnswer;

    public sealed record Retired : PresetAnswer;

    /// <param name="Code">One of: bad-name, bad-edge, bad-quality, bad-format, too-many, known, needed, in-use.</param>
    /// <param name="Message">One line: what, why, and what to do.</param>
    public sealed record Refused(string Code, string Message) : PresetAnswer;
}
