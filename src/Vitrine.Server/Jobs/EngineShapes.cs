using Vitrine.Core.Jobs;
using Vitrine.Core.Users;
using Vitrine.Server.Hosting;
using Vitrine.Server.Security;

namespace Vitrine.Server.Jobs;

/// <param name="Source">Where the value is from.</param>
internal sealed record SettingShape<T>(T Value, SettingSource Source);

/// <summary>How the engine works, and what this node's workers do now.</summary>
/// <param name="Workers">Of each node.</param>
/// <param name="Nice">nice value of decoders that work for jobs.</param>
/// <param name="YieldWhileViewing">Whether workers begin no new batch while a missing derivative is made for somebody.</param>
/// <param name="YieldSeconds">How long after the last such derivative they begin none either.</param>
/// <param name="YieldAtMostSeconds">After so long a worker takes one batch all the same.</param>
/// <param name="Windows">Hours in which background work runs; empty for always.</param>
/// <param name="TimeZone">IANA id, in which windows are meant.</param>
internal sealed record EngineShape(
    SettingShape<int> Workers, SettingShape<int> Nice, SettingShape<bool> YieldWhileViewing, SettingShape<int> YieldSeconds,
    SettingShape<int> YieldAtMostSeconds, SettingShape<IReadOnlyList<string>> Windows, SettingShape<string> TimeZone, EngineNowShape Now)
{
    public static EngineShape Of(LiveOptions live, OptionSources sources, EngineNowShape now, TimeZoneInfo machine)
    {
        var (current, stored) = (live.Current, live.Stored);
        return new(
            Setting(current.WorkerCount, stored.Workers is not null, nameof(EngineOptions.Workers)),
            Setting(current.Nice, stored.Nice is not null, nameof(EngineOptions.Nice)),
            Setting(current.YieldWhileViewing, stored.YieldWhileViewing is not null, nameof(EngineOptions.YieldWhileViewing)),
            Setting(current.YieldSeconds, stored.YieldSeconds is not null, nameof(EngineOptions.YieldSeconds)),
            Setting(current.YieldAtMostSeconds, stored.YieldAtMostSeconds is not null, nameof(EngineOptions.YieldAtMostSeconds)),
            Setting(current.WindowTexts, stored.Windows is not null, nameof(EngineOptions.WorkWindows)),
            Setting(current.TimeZone.Length > 0 ? current.TimeZone : machine.Id, stored.TimeZone is not null, nameof(EngineOptions.TimeZone)),
            now);

        SettingShape<T> Setting<T>(T value, bool isStored, string option) =>
            new(value, isStored ? SettingSource.Database : sources.Of(nameof(Settings.Engine), option));
    }
}

/// <param name="Workers">Workers of this node now; fewer than asked for while it starts, more while surplus ones finish their batch.</param>
/// <param name="Busy">With a batch in hand.</param>
/// <param name="Yielding">Begin no batch, because somebody is looking.</param>
/// <param name="Open">Whether these are working hours.</param>
/// <param name="OpensAt">When working hours begin again; null where they are open.</param>
internal sealed record EngineNowShape(int Workers, int Busy, int Idle, int Yielding, bool Open, DateTimeOffset? OpensAt);

/// <summary>What is absent or null stays as it is; a name in reset goes back to the value of the file or the default.</summary>
/// <param name="Workers">1 to 256; 0 for one per core.</param>
/// <param name="Windows">As '22:00-06:00' or 'mon-fri,sun 22:00-06:00'; empty for always.</param>
/// <param name="Reset">Names of values.</param>
internal sealed record EngineChangeRequest(
    int? Workers = null, int? Nice = null, bool? YieldWhileViewing = null, int? YieldSeconds = null, int? YieldAtMostSeconds = null,
    IReadOnlyList<string>? Windows = null, string? TimeZone = null, IReadOnlyList<string>? Reset = null) : IAuditable
{
    public TuningValues Values => new(Workers, Nice, YieldWhileViewing, YieldSeconds, YieldAtMostSeconds, Windows, TimeZone);
}

/// <param name="Name">Of its data folder, and of this start.</param>
/// <param name="Self">Whether it is the one that answers.</param>
/// <param name="Labels">Libraries that name labels are worked on by nodes that have one of them.</param>
/// <param name="Workers">0 for one that only serves, or ends.</param>
/// <param name="Batches">That it has in hand.</param>
/// <param name="Unable">Libraries that it leaves to other nodes: their originals are out of its reach, or they name other labels.</param>
internal sealed record NodeShape(
    string Name, bool Self, string Version, IReadOnlyList<string> Labels, int Workers, int Batches, IReadOnlyList<LibraryId> Unable, DateTimeOffset StartedAt, DateTimeOffset SeenAt)
{
    public static NodeShape Of(LiveNode node, Node self, Grants grants) => new(
        node.Name, node.Name == self.Name, node.Version, node.Labels, node.Workers, node.Leases, [.. node.Unable.Where(grants.Allows)], node.StartedAt, node.SeenAt);
}
