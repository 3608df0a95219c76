using System.Globalization;
using Vitrine.Core.CacheFolders;
using Vitrine.Core.Jobs;

namespace Vitrine.Core.Schedules;

/// <summary>The work of schedules that is no job: each is one call, and says in one line what it found.</summary>
public sealed class Maintenance(Verifier verifier)
{
    public Task<ActEnd> RunAsync(ScheduleKind kind, CancellationToken cancellation) => kind switch
    {
        ScheduleKind.Verify => VerifyAsync(cancellation),
        _ => throw new NotSupportedException(kind.ToString()),
    };

    private async Task<ActEnd> VerifyAsync(CancellationToken cancellation)
    {
        var found = await verifier.VerifyAsync(cancellation);
        var sound = found is { Missing: 0, Damaged: 0, Orphans: 0, CountersEqual: true };
        return new(sound ? ScheduleEnd.Done : ScheduleEnd.Failed, string.Create(CultureInfo.InvariantCulture,
            $"{found.Files} files: {found.Missing} missing, {found.Damaged} damaged, {found.Orphans} orphans, counters {(found.CountersEqual ? "equal" : "differ")}"));
    }
}
