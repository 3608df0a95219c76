using System.Diagnostics;
using System.Globalization;
using Vitrine.EndToEnd.Harness;

namespace Vitrine.EndToEnd.Cluster;

/// <summary>How work goes on, as the database tells it whichever node stands still: and the longest time in which it did not.</summary>
internal sealed class Progress(PrivateCluster cluster)
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(200);

    private readonly Stopwatch _watch = Stopwatch.StartNew();
    private TimeSpan _changed;

    /// <summary>Of all jobs.</summary>
    public long Outcomes { get; private set; }

    /// <summary>From one outcome to the next, and from the start to the first.</summary>
    public TimeSpan LongestPause { get; private set; }

    public Task UntilAsync(long outcomes, TimeSpan bound) => Eventually.TrueAsync($"{outcomes} outcomes", bound, async () =>
    {
        await LookAsync();
        return Outcomes >= outcomes;
    });

    /// <summary>Until no job is open. While the database is away, nobody can tell: that counts as a pause.</summary>
    public async Task UntilOverAsync(TimeSpan bound, Action? look = null)
    {
        while (!await LookAsync())
        {
            look?.Invoke();
            if (_watch.Elapsed > bound * Eventually.Patience) throw new TimeoutException($"Not over within {bound * Eventually.Patience}: {this}. Open: {await OpenAsync()}");
            await Task.Delay(Period, TimeProvider.System, TestContext.Current.CancellationToken);
        }
        _watch.Stop();
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{Outcomes} outcomes in {_watch.Elapsed.TotalSeconds:F1} s, the longest pause {LongestPause.TotalSeconds:F1} s");

    /// <summary>True where all is over.</summary>
    private async Task<bool> LookAsync()
    {
        string told;
        try
        {
            told = await cluster.AskAsync("SELECT coalesce(sum(completed + skipped + failed), 0), count(*), count(*) FILTER (WHERE status < 2) FROM jobs");
        }
        catch (InvalidOperationException)
        {
            // The database is away.
            Pause();
            return false;
        }
        var numbers = told.Split('|').Select(number => long.Parse(number, CultureInfo.InvariantCulture)).ToArray();
        if (numbers[0] != Outcomes) (Outcomes, _changed) = (numbers[0], _watch.Elapsed);
        else Pause();
        return numbers is [_, > 0, 0];
    }

    private void Pause()
    {
        if (_watch.Elapsed - _changed > LongestPause) LongestPause = _watch.Elapsed - _changed;
    }

    private Task<string> OpenAsync() => cluster.AskAsync(
        "SELECT j.id, j.handler, j.status, j.holds, j.planned, j.total, j.completed, b.id, b.state, b.node, b.offer FROM jobs j LEFT JOIN batches b ON b.job_id = j.id AND b.state < 3 WHERE j.status < 2 LIMIT 20");
}
