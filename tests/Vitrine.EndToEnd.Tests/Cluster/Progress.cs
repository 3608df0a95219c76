using System.Diagnostics;
using System.Globalization;
using Vitrine.EndToEnd.Harness;

namespace Vitrine.EndToEnd.Cluster;

/// <summary>How work goes on, as the first server tells it: and the longest time in which it did not.</summary>
internal sealed class Progress(PrivateCluster cluster)
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(100);

    private readonly Stopwatch _watch = Stopwatch.StartNew();
    private TimeSpan _changed;
    private long _outcomes;

    /// <summary>From one outcome to the next, and from the start to the first.</summary>
    public TimeSpan LongestPause { get; private set; }

    public Task UntilAsync(long outcomes, TimeSpan bound) => Eventually.TrueAsync($"{outcomes} outcomes", bound, async () =>
    {
        await LookAsync();
        return _outcomes >= outcomes;
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
        $"{_outcomes} outcomes in {_watch.Elapsed.TotalSeconds:F1} s, the longest pause {LongestPause.TotalSeconds:F1} s");

    /// <summary>True where all is over.</summary>
    private async Task<bool> LookAsync()
    {
        List<Json> jobs;
        try
        {
            jobs = await cluster.Server.JobsAsync();
        }
        catch (Exception away) when (away is HttpRequestException or Xunit.Sdk.XunitException)
        {
            Pause();
            return false;
        }
        var outcomes = jobs.Sum(job => job["completedImages"].Number + job["skippedImages"].Number + job["failedImages"].Number);
        if (outcomes != _outcomes) (_outcomes, _changed) = (outcomes, _watch.Elapsed);
        else Pause();
        return jobs.Count > 0 && jobs.All(job => job["status"].Text is "Completed" or "Failed" or "Cancelled");
    }

    private void Pause()
    {
        if (_watch.Elapsed - _changed > LongestPause) LongestPause = _watch.Elapsed - _changed;
    }

    private Task<string> OpenAsync() => cluster.AskAsync(
        "SELECT j.id, j.handler, j.status, j.holds, j.planned, j.total, j.completed, b.id, b.state, b.node, b.offer FROM jobs j LEFT JOIN batches b ON b.job_id = j.id AND b.state < 3 WHERE j.status < 2 LIMIT 20");
}
