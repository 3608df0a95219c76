using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Net.Http.Json;
using Vitrine.Server.CacheFolders;
using Vitrine.Server.Hosting;

namespace Vitrine.Server.Cli;

/// <summary>Cache folders: what there is, and adding, changing, draining and removing one.</summary>
internal static class FoldersCommand
{
    private const string Route = "/cache/folders";

    private static readonly Argument<string> Id = new("id") { Description = "The folder's id, as 'vitrine folders' shows it." };
    private static readonly Argument<string> Directory = Checked(new Argument<string>("path") { Description = "An empty directory, or a path where one can be made." });
    private static readonly Option<int?> Priority = new("--priority") { Description = "Higher is filled first.", HelpName = "N" };
    private static readonly Option<long?> Limit = Size("--limit", "The most that the folder holds, as 200MB or 1.5TB.");
    private static readonly Option<long?> Floor = Size("--floor", "Free space of its disk that stays free.");
    private static readonly Option<string?> Presets = new("--presets") { Description = "Presets that it takes, parted by commas; '' for all.", HelpName = "LIST" };
    private static readonly Option<string[]> Budgets = new("--budget") { Description = "The most that a preset takes there: display=50GB, or display=none. May be given several times.", HelpName = "PRESET=SIZE" };
    private static readonly Option<bool?> Active = new("--active") { Description = "Whether it takes new files." };
    private static readonly Option<bool> Stop = new("--stop") { Description = "Ends draining: what has moved stays where it is." };

    public static Command Create()
    {
        var command = JobsCommand.Part("folders", "Lists cache folders, the first to be filled first; its own commands change them.", ListAsync);
        command.Add(JobsCommand.Part("list", "Lists cache folders.", ListAsync));
        command.Add(JobsCommand.Part("add", "Adds a cache folder.", AddAsync, Directory, Priority, Limit, Floor, Presets, Budgets));
        command.Add(JobsCommand.Part("change", "Changes what is given.", ChangeAsync, Id, Priority, Limit, Floor, Presets, Budgets, Active));
        command.Add(JobsCommand.Part("drain", "Moves what is in a folder to the others, while it is served. A running server does it.", DrainAsync, Id, Stop));
        command.Add(JobsCommand.Part("remove", "Gives an empty folder up; its directory stays.", RemoveAsync, Id));
        return command;
    }

    private static async Task<int> ListAsync(ParseResult parsed, CancellationToken stop)
    {
        await using var access = await ApiAccess.OpenAsync(parsed, "no cache folders", stop);
        var found = await access.AskAsync(client => client.GetAsync(Route, ApiJson.Default.ListShapeCacheFolderShape, stop));
        return access.Print(found, ApiJson.Default.ListShapeCacheFolderShape, list => list.Items.SelectMany(Lines));
    }

    private static async Task<int> AddAsync(ParseResult parsed, CancellationToken stop)
    {
        var request = new NewCacheFolderRequest(
            Path.GetFullPath(parsed.GetRequiredValue(Directory)), parsed.GetValue(Priority), parsed.GetValue(Limit), parsed.GetValue(Floor), PresetsOf(parsed), BudgetsOf(parsed));
        await using var access = await ApiAccess.OpenAsync(parsed, "no cache folders", stop);
        var body = JsonContent.Create(request, ApiJson.Default.NewCacheFolderRequest);
        return Print(access, await access.AskAsync(client => client.PostAsync(Route, body, ApiJson.Default.CacheFolderShape, stop)));
    }

    private static async Task<int> ChangeAsync(ParseResult parsed, CancellationToken stop)
    {
        var id = IdOf(parsed);
        var request = new CacheFolderChangeRequest(
            parsed.GetValue(Priority), parsed.GetValue(Limit), parsed.GetValue(Floor), PresetsOf(parsed), BudgetsOf(parsed), parsed.GetValue(Active));
        await using var access = await ApiAccess.OpenAsync(parsed, "no cache folders", stop);
        var body = JsonContent.Create(request, ApiJson.Default.CacheFolderChangeRequest);
        return Print(access, await access.AskAsync(client => client.PatchAsync($"{Route}/{id}", body, ApiJson.Default.CacheFolderShape, stop), NoFolder(id)));
    }

    private static async Task<int> DrainAsync(ParseResult parsed, CancellationToken stop)
    {
        var id = IdOf(parsed);
        await using var access = await ApiAccess.OpenAsync(parsed, "no cache folders", stop);
        var path = $"{Route}/{id}/drain{(parsed.GetValue(Stop) ? "/stop" : "")}";
        return Print(access, await access.AskAsync(client => client.PostAsync(path, null, ApiJson.Default.CacheFolderShape, stop), NoFolder(id)));
    }

    private static async Task<int> RemoveAsync(ParseResult parsed, CancellationToken stop)
    {
        var id = IdOf(parsed);
        await using var access = await ApiAccess.OpenAsync(parsed, "no cache folders", stop);
        var removed = await access.AskAsync(client => client.DeleteAsync($"{Route}/{id}", ApiJson.Default.RemovedFolderShape, stop), NoFolder(id));
        return access.Print(removed, ApiJson.Default.RemovedFolderShape,
            answer => [answer.LeftFiles == 0 ? $"Folder {id} is removed." : $"Folder {id} is removed; {answer.LeftFiles} files in its directory are not ours and stay."]);
    }

    private static int Print(ApiAccess access, CacheFolderShape folder) => access.Print(folder, ApiJson.Default.CacheFolderShape, Lines);

    private static IEnumerable<string> Lines(CacheFolderShape folder)
    {
        var state = string.Join(", ", StatesOf(folder));
        yield return string.Create(CultureInfo.InvariantCulture,
            $"{folder.Id} {Text.Name(folder.Path ?? "")}: {folder.Blobs} files, {Text.Bytes(folder.Bytes)} of {Text.Bytes(folder.LimitBytes)} ({folder.UsedPercent}%), {Text.Bytes(folder.FreeBytes)} free, floor {Text.Bytes(folder.FloorBytes)}, priority {folder.Priority}{(state.Length == 0 ? "" : $"; {state}")}");
        foreach (var use in folder.ByPreset.Where(use => use.Blobs > 0 || use.BudgetBytes is not null))
        {
            var budget = use.BudgetBytes is { } most ? $" of {Text.Bytes(most)}" : "";
            yield return $"  {(use.Preset.Length == 0 ? "(no preset)" : use.Preset)}: {use.Blobs} files, {Text.Bytes(use.Bytes)}{budget}";
        }
    }

    private static IEnumerable<string> StatesOf(CacheFolderShape folder)
    {
        if (folder.Fault is { } fault) yield return fault switch
        {
            FolderFaultShape.Missing => "not there",
            FolderFaultShape.NotOurs => "without our marker",
            FolderFaultShape.ReadOnly => "cannot be written",
            FolderFaultShape.Full => "its disk is full",
            _ => "its disk answers with errors",
        };
        if (!folder.Active) yield return "inactive";
        if (folder.Drain is { } drain) yield return drain.LeftBlobs == 0 ? "drained" : $"draining: {drain.LeftBlobs} files, {Text.Bytes(drain.LeftBytes)} left";
        if (folder.Full) yield return "full";
        else if (folder.NearFull) yield return "nearly full";
        if (folder.Presets.Count > 0) yield return $"takes {string.Join(", ", folder.Presets)}";
    }

    private static string NoFolder(FolderId id) => $"There is no cache folder {id}: 'vitrine folders' lists them.";

    private static FolderId IdOf(ParseResult parsed) => FolderId.TryParse(parsed.GetValue(Id), null, out var id)
        ? id
        : throw Refusal.WrongUse($"'{parsed.GetValue(Id)}' is no id: give the number of a folder, as 'vitrine folders' shows it.");

    private static string[]? PresetsOf(ParseResult parsed) =>
        parsed.GetValue(Presets)?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    private static Dictionary<string, long?>? BudgetsOf(ParseResult parsed)
    {
        if (parsed.GetValue(Budgets) is not { Length: > 0 } given) return null;
        var budgets = new Dictionary<string, long?>();
        foreach (var text in given)
        {
            var parts = text.Split('=', 2);
            if (parts.Length < 2) throw Refusal.WrongUse($"'{text}' is no budget: write PRESET=SIZE, as display=50GB.");
            budgets[parts[0]] = parts[1] == "none" ? null : ByteSize.Parse(parts[1]) ?? throw Refusal.WrongUse(ByteSize.Problem(parts[1]));
        }
        return budgets;
    }

    private static Option<long?> Size(string name, string description)
    {
        var option = new Option<long?>(name) { Description = description, HelpName = "SIZE" };
        option.CustomParser = result =>
        {
            var bytes = ByteSize.Parse(result.Tokens[0].Value);
            if (bytes is null) result.AddError(ByteSize.Problem(result.Tokens[0].Value));
            return bytes;
        };
        return option;
    }

    private static Argument<string> Checked(Argument<string> argument)
    {
        argument.Validators.Add(CommonOptions.CheckPaths);
        return argument;
    }
}
