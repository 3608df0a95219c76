using System.Globalization;
using System.Text;

namespace Vitrine.Backends.Tests.Simulation;

/// <summary>The newest of what happened, for who reads of a failure. Texts are made only then.</summary>
internal sealed class Trace(Scheduler scheduler, int length)
{
    private readonly Queue<Entry> _entries = new();

    public void Note(string who, string what, object? about = null, object? answer = null)
    {
        if (_entries.Count >= length) _entries.TryDequeue(out _);
        _entries.Enqueue(new(scheduler.Now, who, what, about, answer));
    }

    /// <summary>A line each: seconds, who, what.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        foreach (var (at, who, what, about, answer) in _entries)
        {
            text.Append(CultureInfo.InvariantCulture, $"{TimeSpan.FromTicks(at).TotalSeconds,10:0.000} {who,-8} {what} {Text(about)}");
            if (answer is not null) text.Append(CultureInfo.InvariantCulture, $" -> {Text(answer)}");
            text.Append('\n');
        }
        return text.ToString();
    }

    private static string Text(object? value) => value switch
    {
        null => "",
        string text => text,
        Core.Jobs.Lease lease => $"lease {lease.Token} of batch {lease.Batch} of job {lease.Job}: {string.Join(' ', lease.Items.Select(i => i.Item))}",
        Core.Jobs.ItemResult result => $"{result.Item}={result.Outcome}({result.Reason}{(result.RetryAfter is null ? "" : " again")})",
        Core.Jobs.CommitAnswer commit => $"{commit.State}, {commit.Unused.Count} unused, {commit.Open.Count} open",
        System.Collections.IEnumerable some => $"[{string.Join(' ', some.Cast<object>().Select(Text))}]",
        Core.Jobs.NewJob job => $"{job.Handler} of library {job.Scope.Library} {Text(job.Scope.Presets)} {Text(job.Scope.Collections)} {Text(job.Scope.Images)}"
            + $"{(job.Scope.Force ? " force" : "")} {job.Class} {job.Parent}",
        Core.Jobs.BatchAddition.Plan plan => $"of job {plan.Job} with {plan.Planner.Token}: {Text(plan.Batches.Select(b => b.Items))} to {plan.Cursor}",
        _ => value.ToString() ?? "",
    };

    private readonly record struct Entry(long At, string Who, string What, object? About, object? Answer);
}
