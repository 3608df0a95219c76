using System.CommandLine;
using Vitrine.Core.Jobs;
using Vitrine.Server.Hosting;
using Vitrine.Server.Jobs;

namespace Vitrine.Server.Cli;

/// <summary>Jobs: what there is, and what is said of each. Commands that change something are in <see cref="JobActions"/>.</summary>
internal static class JobsCommand
{
    private const string Path = "/cache/processing-jobs";

    private static readonly Option<bool> Open = new("--open") { Description = "Only jobs that are not over." };

    private static readonly Option<JobStatusShape?> Status = new("--status") { Description = "Only jobs with this status." };

    public static Command Create()
    {
        var command = new Command("jobs", "Lists jobs, the newest first; its own commands show, start and control them.") { Open, Status, JobOptions.Limit };
        command.SetAction(ListAsync);
        command.Add(Part("show", "Shows all that is known of one job.", ShowAsync, JobOptions.Id));
        command.Add(Part("failures", "Lists what failed or was skipped in one job.", FailuresAsync, JobOptions.Id, JobOptions.Limit));
        command.Add(Part("stale", "Lists jobs that make no progress, and what recovery would do. Changes nothing.", StaleAsync, JobOptions.TimeoutMinutes));
        JobActions.AddTo(command);
        return WithCommon(command);
    }

    /// <summary>A command below <c>jobs</c>, with the options that all of them have.</summary>
    public static Command Part(string name, string description, Func<ParseResult, CancellationToken, Task<int>> action, params Symbol[] symbols)
    {
        var part = new Command(name, description);
        foreach (var symbol in symbols)
        {
            if (symbol is Argument argument) part.Add(argument);
            else part.Add((Option)symbol);
        }
        part.SetAction(action);
        return WithCommon(part);
    }

    private static Command WithCommon(Command command)
    {
        command.Add(CommonOptions.Data);
        command.Add(CommonOptions.Json);
        command.Add(CommonOptions.AllowNetworkData);
        return command;
    }

    private static async Task<int> ListAsync(ParseResult parsed, CancellationToken stop)
    {
        await using var access = await ApiAccess.OpenAsync(parsed, "no jobs", stop);
        var filter = (parsed.GetValue(Open) ? "open=true" : "open=false") + (parsed.GetValue(Status) is { } status ? $"&status={status}" : "");
        var found = await access.AllAsync($"{Path}?{filter}", parsed.GetValue(JobOptions.Limit), ApiJson.Default.ListShapeJobShape, stop);
        return access.Print(found, ApiJson.Default.ListShapeJobShape, list => Lines(list, JobText.Line, "No jobs."));
    }

    private static async Task<int> ShowAsync(ParseResult parsed, CancellationToken stop)
    {
        await using var access = await ApiAccess.OpenAsync(parsed, "no jobs", stop);
        var id = parsed.GetValue(JobOptions.Id)!;
        var job = await access.AskAsync(client => client.GetAsync($"{Path}/{id}?includeDetails=true", ApiJson.Default.JobShape, stop), JobActions.NoJob(id));
        return access.Print(job, ApiJson.Default.JobShape, JobText.Lines);
    }

    private static async Task<int> FailuresAsync(ParseResult parsed, CancellationToken stop)
    {
        await using var access = await ApiAccess.OpenAsync(parsed, "no jobs", stop);
        var id = parsed.GetValue(JobOptions.Id)!;
        var found = await access.AllAsync($"{Path}/{id}/failures", parsed.GetValue(JobOptions.Limit), ApiJson.Default.ListShapeFailureShape, stop, JobActions.NoJob(id));
        return access.Print(found, ApiJson.Default.ListShapeFailureShape, list => Lines(list, JobText.Line, "Nothing failed or was skipped."));
    }

    private static async Task<int> StaleAsync(ParseResult parsed, CancellationToken stop)
    {
        await using var access = await ApiAccess.OpenAsync(parsed, "no jobs", stop);
        var path = $"{Path}/stale?timeoutMinutes={parsed.GetValue(JobOptions.TimeoutMinutes)}";
        var found = await access.AskAsync(client => client.GetAsync(path, ApiJson.Default.StaleJobsShape, stop));
        return access.Print(found, ApiJson.Default.StaleJobsShape, stale => stale.Count == 0 ? ["No job is stale."] : stale.Jobs.Select(JobText.Line));
    }

    private static IEnumerable<string> Lines<T>(ListShape<T> list, Func<T, string> line, string none)
    {
        foreach (var item in list.Items) yield return line(item);
        if (list.Items.Count == 0) yield return none;
        if (list.Next is not null) yield return "There may be more: --limit raises how many are printed.";
    }
}
