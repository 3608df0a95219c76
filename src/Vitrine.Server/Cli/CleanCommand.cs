using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Vitrine.Core.CacheFolders;
using Vitrine.Server.CacheFolders;
using Vitrine.Server.Hosting;

namespace Vitrine.Server.Cli;

/// <summary>Deletes from cache folders what they hold for nothing.</summary>
internal static class CleanCommand
{
    private const int MaxDays = 36_500;

    private static readonly Option<bool> DryRun = new("--dry-run") { Description = "Show what would be deleted, and delete nothing." };

    private static readonly Option<int> OlderThan = new("--older-than")
    {
        Description = "Days that a file must have stood as it does; a day at least, whatever is given. Default: 7",
        HelpName = "DAYS",
        DefaultValueFactory = _ => (int)CleanUpRequest.Default.TotalDays,
    };

    private static readonly Option<string?> Folder = new("--folder") { Description = "Only this cache folder, by its id. Default: all", HelpName = "ID" };

    public static Command Create()
    {
        var command = new Command("clean", "Deletes files in the cache folders that nothing refers to.")
        {
            DryRun, OlderThan, Folder, CommonOptions.Data, CommonOptions.Json, CommonOptions.AllowNetworkData,
        };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken stop)
    {
        var days = parsed.GetValue(OlderThan);
        if (days is < 0 or > MaxDays) throw Refusal.WrongUse($"--older-than is a number of days from 0 to {MaxDays}.");
        await using var owner = await OwnerAccess.OpenKnownAsync(parsed, "nothing to clean", stop);
        var json = parsed.GetValue(CommonOptions.Json);
        var (cleaned, unavailable) = (new List<FolderCleanUpShape>(), 0);
        foreach (var folder in await FoldersAsync(owner.Client, parsed.GetValue(Folder), stop))
        {
            if (await CleanAsync(owner.Client, folder, days, parsed.GetValue(DryRun), stop) is { } report)
            {
                cleaned.Add(report);
                if (!json) Print(folder, report);
            }
            else
            {
                unavailable++;
                if (!json) Console.Out.WriteLine($"Cache folder {folder.Id}: not there, not ours or not writable; nothing was touched.");
            }
        }
        if (json) Console.Out.WriteLine(JsonSerializer.Serialize(new(unavailable, cleaned), ApiJson.Default.CleanSummary));
        return unavailable == 0 && cleaned.TrueForAll(report => report.Undeleted == 0) ? ExitCodes.AllDone : ExitCodes.SomeFailed;
    }

    private static async Task<IReadOnlyList<CacheFolderShape>> FoldersAsync(ServerClient client, string? only, CancellationToken stop)
    {
        var all = (await client.GetAsync("/cache/folders", ApiJson.Default.ListShapeCacheFolderShape, stop)).Items;
        if (only is null) return all;
        return FolderId.TryParse(only, null, out var id) && all.FirstOrDefault(folder => folder.Id == id) is { } known
            ? [known]
            : throw Refusal.WrongUse($"There is no cache folder '{only}': 'vitrine doctor' shows those that are there.");
    }

    /// <summary>Null: the folder cannot be cleaned now.</summary>
    private static async Task<FolderCleanUpShape?> CleanAsync(ServerClient client, CacheFolderShape folder, int days, bool dryRun, CancellationToken stop)
    {
        var path = string.Create(CultureInfo.InvariantCulture, $"/cache/folders/{folder.Id}/cleanup/all?olderThanDays={days}&dryRun={(dryRun ? "true" : "false")}");
        try
        {
            return await client.PostAsync(path, null, ApiJson.Default.FolderCleanUpShape, stop);
        }
        catch (ProblemException refused) when (refused.Status == StatusCodes.Status409Conflict)
        {
            return null;
        }
    }

    private static void Print(CacheFolderShape folder, FolderCleanUpShape report)
    {
        if (report.DryRun) foreach (var file in report.Listed) Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{file.Size,12} {file.Name}"));
        var more = report.DryRun && report.Files > report.Listed.Count ? $", of which {report.Listed.Count} are listed" : "";
        Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"Cache folder {folder.Id} ({folder.Path}): {report.Files} files with {Text.Bytes(report.Bytes)} {(report.DryRun ? "would be" : "were")} deleted{more}"));
        Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"  {report.Orphans.Files} without a row, {report.Unreferenced.Files} that nothing refers to, {report.Staged.Files} unfinished; {report.Young} too young, {report.Foreign} not ours"));
        if (report.Undeleted > 0) Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {report.Undeleted} could not be deleted"));
    }
}

/// <summary>What <c>clean --json</c> prints. Users' scripts depend on these names.</summary>
/// <param name="Unavailable">Cache folders that are not there, not ours or not writable.</param>
internal sealed record CleanSummary(int Unavailable, IReadOnlyList<FolderCleanUpShape> Folders);
