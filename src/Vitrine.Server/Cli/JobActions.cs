using System.CommandLine;
using System.Net.Http.Json;
using Vitrine.Server.Hosting;
using Vitrine.Server.Jobs;
using Vitrine.Server.Libraries;

namespace Vitrine.Server.Cli;

/// <summary>The commands below <c>jobs</c> that change something.</summary>
internal static class JobActions
{
    private const string Path = "/cache/processing-jobs";

    private static readonly Argument<JobTypeShape> Type = new("type") { Description = "What to do." };

    private static readonly Argument<PriorityShape> To = new("priority") { Description = "The new priority." };

    private static readonly Option<string> Library = new("--library") { Description = "The library, by its name or id.", HelpName = "NAME|ID", Required = true };

    private static readonly Option<string[]> Collections = new("--collection") { Description = "Only this collection; may be given several times.", HelpName = "ID" };

    private static readonly Option<string[]> Images = new("--image") { Description = "Only this image; may be given several times.", HelpName = "ID" };

    private static readonly Option<bool> Force = new("--force") { Description = "Also what is there already, anew." };

    private static readonly Option<PriorityShape> Priority = new("--priority") { Description = "Which jobs it goes before.", DefaultValueFactory = _ => PriorityShape.Normal };

    public static void AddTo(Command jobs)
    {
        jobs.Add(JobsCommand.Part("start", "Starts a job, and does not wait for its end.", StartAsync, Type, Library, Collections, Images, CommonOptions.Presets, Force, Priority));
        jobs.Add(JobsCommand.Part("pause", "Holds a job until it is resumed.", (parsed, stop) => ControlAsync(parsed, "pause", null, stop), JobOptions.Id));
        jobs.Add(JobsCommand.Part("resume", "Lets a paused job go on.", (parsed, stop) => ControlAsync(parsed, "resume", null, stop), JobOptions.Id));
        jobs.Add(JobsCommand.Part("cancel", "Ends a job; what is made stays.", (parsed, stop) => ControlAsync(parsed, "cancel", null, stop), JobOptions.Id));
        jobs.Add(JobsCommand.Part("retry", "Tries again, in a new job, what failed in a job that is over.", (parsed, stop) => ControlAsync(parsed, "retry", null, stop), JobOptions.Id));
        jobs.Add(JobsCommand.Part("priority", "Changes which jobs a job goes before.", PrioritiseAsync, JobOptions.Id, To));
        jobs.Add(JobsCommand.Part("recover", "Makes what waits in open jobs due now.", RecoverAsync));
        jobs.Add(JobsCommand.Part("recover-stale", "Resumes jobs that make no progress, and ends those over three timeouts as failed.", RecoverStaleAsync, JobOptions.TimeoutMinutes));
        jobs.Add(JobsCommand.Part("cleanup", "Removes completed and cancelled jobs that ended long ago.", CleanUpAsync, JobOptions.OlderThanDays));
    }

    public static string NoJob(string id) => $"There is no job {id}: 'vitrine jobs' lists them.";

    private static async Task<int> StartAsync(ParseResult parsed, CancellationToken stop)
    {
        var (collections, images) = (Ids<Core.Libraries.Collection>(parsed, Collections), Ids<Core.Libraries.Image>(parsed, Images));
        await using var access = await ApiAccess.OpenAsync(parsed, "no jobs", stop);
        var library = await FindAsync(access, parsed.GetValue(Library)!, stop);
        var request = new StartJobRequest(parsed.GetValue(Type), library, collections, images, parsed.PresetList(), parsed.GetValue(Force), parsed.GetValue(Priority));
        var body = JsonContent.Create(request, ApiJson.Default.StartJobRequest);
        var job = await access.AskAsync(client => client.PostAsync(Path, body, ApiJson.Default.JobShape, stop));
        return access.Print(job, ApiJson.Default.JobShape, started =>
            access.IsAlone ? [JobText.Line(started), "No server runs on this data folder: the job goes on with the next 'vitrine serve'."] : [JobText.Line(started)]);
    }

    private static Task<int> PrioritiseAsync(ParseResult parsed, CancellationToken stop) =>
        ControlAsync(parsed, "priority", JsonContent.Create(new PriorityRequest(parsed.GetValue(To)), ApiJson.Default.PriorityRequest), stop);

    private static async Task<int> ControlAsync(ParseResult parsed, string what, HttpContent? body, CancellationToken stop)
    {
        await using var access = await ApiAccess.OpenAsync(parsed, "no jobs", stop);
        var id = parsed.GetValue(JobOptions.Id)!;
        var job = await access.AskAsync(client => client.PostAsync($"{Path}/{id}/{what}", body, ApiJson.Default.JobShape, stop), NoJob(id));
        return access.Print(job, ApiJson.Default.JobShape, changed => [JobText.Line(changed)]);
    }

    private static async Task<int> RecoverAsync(ParseResult parsed, CancellationToken stop)
    {
        await using var access = await ApiAccess.OpenAsync(parsed, "no jobs", stop);
        var done = await access.AskAsync(client => client.PostAsync($"{Path}/recover", null, ApiJson.Default.RecoveredShape, stop));
        return access.Print(done, ApiJson.Default.RecoveredShape, recovered => [$"{recovered.Recovered} jobs go on."]);
    }

    private static async Task<int> RecoverStaleAsync(ParseResult parsed, CancellationToken stop)
    {
        await using var access = await ApiAccess.OpenAsync(parsed, "no jobs", stop);
        var path = $"{Path}/recover-stale?timeoutMinutes={parsed.GetValue(JobOptions.TimeoutMinutes)}";
        var done = await access.AskAsync(client => client.PostAsync(path, null, ApiJson.Default.StaleRecoveryShape, stop));
        return access.Print(done, ApiJson.Default.StaleRecoveryShape, ended => [$"{ended.Recovered} jobs go on, {ended.Failed} ended as failed."]);
    }

    private static async Task<int> CleanUpAsync(ParseResult parsed, CancellationToken stop)
    {
        await using var access = await ApiAccess.OpenAsync(parsed, "no jobs", stop);
        var path = $"{Path}/cleanup?olderThanDays={parsed.GetValue(JobOptions.OlderThanDays)}";
        var done = await access.AskAsync(client => client.DeleteAsync(path, ApiJson.Default.CleanUpShape, stop));
        return access.Print(done, ApiJson.Default.CleanUpShape, removed => [$"{removed.RemovedJobs} jobs removed."]);
    }

    private static async Task<LibraryId> FindAsync(ApiAccess access, string named, CancellationToken stop)
    {
        var all = await access.AskAsync(client => client.GetAsync("/libraries", ApiJson.Default.ListShapeLibraryShape, stop));
        var found = all.Items.Where(library => library.Id.ToString() == named).ToList();
        if (found.Count == 0) found = [.. all.Items.Where(library => library.Name == named)];
        return found switch
        {
            [var one] => one.Id,
            [] => throw Refusal.WrongUse($"There is no library '{named}': {(all.Items.Count == 0 ? "there is none at all" : $"there are {string.Join(", ", all.Items.Select(library => $"'{library.Name}' ({library.Id})"))}")}."),
            _ => throw Refusal.WrongUse($"Several libraries are named '{named}': give an id, {string.Join(" or ", found.Select(library => library.Id))}."),
        };
    }

    /// <summary>Null where the option is not given.</summary>
    private static List<Core.Id<T>>? Ids<T>(ParseResult parsed, Option<string[]> option)
    {
        if (parsed.GetValue(option) is not { Length: > 0 } texts) return null;
        return [.. texts.Select(text => Core.Id<T>.TryParse(text, null, out var id) ? id : throw Refusal.WrongUse($"'{text}' is no id for {option.Name}."))];
    }
}
