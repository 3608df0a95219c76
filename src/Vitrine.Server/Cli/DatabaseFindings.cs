using System.Globalization;
using Vitrine.Backends;
using Vitrine.Backends.Sql;
using Vitrine.Backends.Sql.Postgres;
using Vitrine.Server.Hosting;

namespace Vitrine.Server.Cli;

/// <summary>What doctor says of the database that the settings name, and of this machine's clock against its.</summary>
internal static class DatabaseFindings
{
    /// <summary>More than two clocks that are kept right differ by.</summary>
    private static readonly TimeSpan MostSkew = TimeSpan.FromSeconds(5);

    public static async Task<IReadOnlyList<Finding>> ExamineAsync(Settings settings, CancellationToken cancellation)
    {
        const string Check = "database";
        var clock = new DatabaseClock(TimeProvider.System);
        try
        {
            await using var store = await Stores.OpenPostgresAsync(settings.Postgres, clock, cancellation);
            return [new(Check, FindingLevel.Ok, "PostgreSQL answers, and its schema is of this version"), Clock(TimeProvider.System.GetUtcNow() - clock.GetUtcNow())];
        }
        catch (StoreException unusable)
        {
            return [new(Check, FindingLevel.Error, unusable.Message)];
        }
    }

    /// <summary>Nothing is decided by a node's own clock, so a wrong one is never refused: it misleads those who read the logs of several nodes. Pure.</summary>
    /// <param name="ahead">Of the database's.</param>
    public static Finding Clock(TimeSpan ahead)
    {
        const string Check = "clock";
        if (ahead.Duration() <= MostSkew) return new(Check, FindingLevel.Ok, "this machine's agrees with the database's");
        var off = ahead.Duration().TotalSeconds.ToString("F0", CultureInfo.InvariantCulture);
        return new(Check, FindingLevel.Warning, $"this machine's is {off} s {(ahead > TimeSpan.Zero ? "ahead of" : "behind")} the database's: set the wrong one right (chrony keeps it so)");
    }
}
