using System.CommandLine;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using Vitrine.Server.Hosting;
using Vitrine.Server.Jobs;

namespace Vitrine.Server.Cli;

/// <summary>The failure inbox: what stands, and what to do with it.</summary>
internal static class FailuresCommand
{
    private static readonly Option<string?> Library = new("--library") { Description = "Only in the library with this id.", HelpName = "ID" };
    private static readonly Option<string?> Collection = new("--collection") { Description = "Only in the collection with this id.", HelpName = "ID" };
    private static readonly Option<string?> Image = new("--image") { Description = "Only the image with this id.", HelpName = "ID" };
    private static readonly Option<string?> ReasonCode = new("--reason") { Description = "Only for this reason code.", HelpName = "CODE" };
    private static readonly Option<string?> Decoder = new("--decoder") { Description = "Only what this version of the decoder judged.", HelpName = "VERSION" };
    private static readonly Option<bool> Ignored = new("--ignored") { Description = "What is ignored, in place of what is not." };

    public static Command Create()
    {
        var command = new Command("failures", "Shows what failed or was skipped and is so still, by reason.")
        {
            CommonOptions.Data, CommonOptions.Json, CommonOptions.AllowNetworkData,
        };
        command.SetAction(GroupsAsync);
        command.Add(Sub("csv", "Prints them as comma-separated values.", CsvAsync));
        command.Add(Sub("retry", "Tries them again in new jobs, which the running server works on.", RetryAsync));
        command.Add(Sub("ignore", "Leaves them out of the list and of automatic retries until their originals change.", (parsed, stop) => MarkAsync("ignore", parsed, stop)));
        command.Add(Sub("restore", "Takes ignored ones back into the list.", (parsed, stop) => MarkAsync("restore", parsed, stop)));
        return command;
    }

    private static Command Sub(string name, string description, Func<ParseResult, CancellationToken, Task<int>> run)
    {
        var command = new Command(name, description) { Library, Collection, Image, ReasonCode, Decoder, CommonOptions.Data, CommonOptions.AllowNetworkData };
        if (name is "csv" or "retry") command.Add(Ignored);
        command.SetAction(run);
        return command;
    }

    private static async Task<int> GroupsAsync(ParseResult parsed, CancellationToken stop)
    {
        await using var owner = await OwnerAccess.OpenKnownAsync(parsed, "no failures", stop);
        var groups = await owner.Client.GetAsync("/cache/failures/groups", ApiJson.Default.ListShapeFailureGroupShape, stop);
        if (parsed.GetValue(CommonOptions.Json)) Console.Out.WriteLine(JsonSerializer.Serialize(groups, ApiJson.Default.ListShapeFailureGroupShape));
        else if (groups.Items.Count == 0) Console.Out.WriteLine("Nothing failed.");
        else foreach (var group in groups.Items) Console.Out.WriteLine(Line(group));
        return ExitCodes.AllDone;
    }

    private static string Line(FailureGroupShape group) => string.Create(CultureInfo.InvariantCulture,
        $"{group.Count,8} {group.Code} ({group.Type}) in library {group.LibraryId}{(group.Decoder.Length == 0 ? "" : $", decoder {group.Decoder}")}{(group.Ignored ? ", ignored" : "")}: {group.Meaning}");

    private static async Task<int> CsvAsync(ParseResult parsed, CancellationToken stop)
    {
        await using var owner = await OwnerAccess.OpenKnownAsync(parsed, "no failures", stop);
        await using var output = Console.OpenStandardOutput();
        await RefusedAsync(() => owner.Client.DownloadAsync($"/cache/failures.csv{Query(parsed)}", output, stop));
        return ExitCodes.AllDone;
    }

    private static async Task<int> RetryAsync(ParseResult parsed, CancellationToken stop)
    {
        var selection = Selection(parsed);
        await using var owner = await OwnerAccess.OpenKnownAsync(parsed, "no failures", stop);
        var added = await RefusedAsync(() => owner.Client.PostAsync("/cache/failures/retry", Body(selection), ApiJson.Default.ListShapeJobShape, stop));
        Console.Out.WriteLine(added.Items.Count == 0 ? "Nothing to try again." : $"Jobs that try them again: {string.Join(", ", added.Items.Select(job => job.Id))}");
        if (added.Items.Count > 0 && owner.IsOwn) Console.Out.WriteLine("No server runs on this data folder: 'vitrine serve' or 'vitrine import' does the work.");
        return ExitCodes.AllDone;
    }

    private static async Task<int> MarkAsync(string verb, ParseResult parsed, CancellationToken stop)
    {
        var selection = Selection(parsed);
        await using var owner = await OwnerAccess.OpenKnownAsync(parsed, "no failures", stop);
        var changed = await RefusedAsync(() => owner.Client.PostAsync($"/cache/failures/{verb}", Body(selection), ApiJson.Default.ChangedShape, stop));
        Console.Out.WriteLine($"{changed.Count} changed.");
        return ExitCodes.AllDone;
    }

    private static JsonContent Body(FailureSelection selection) => JsonContent.Create(selection, ApiJson.Default.FailureSelection);

    private static FailureSelection Selection(ParseResult parsed) => new(
        Id(parsed, Library) is { } library ? new LibraryId(library) : null,
        Reasons: parsed.GetValue(ReasonCode) is { } reason ? [reason] : null,
        Decoder: parsed.GetValue(Decoder),
        Collection: Id(parsed, Collection) is { } collection ? new CollectionId(collection) : null,
        Image: Id(parsed, Image) is { } image ? new ImageId(image) : null,
        Ignored: parsed.GetValue(Ignored) ? true : null);

    private static string Query(ParseResult parsed)
    {
        (string Name, string? Value)[] asked =
        [
            ("library", parsed.GetValue(Library)), ("collection", parsed.GetValue(Collection)), ("image", parsed.GetValue(Image)),
            ("reason", parsed.GetValue(ReasonCode)), ("decoder", parsed.GetValue(Decoder)), ("ignored", parsed.GetValue(Ignored) ? "true" : null),
        ];
        var query = string.Join('&', asked.Where(one => one.Value is not null).Select(one => $"{one.Name}={Uri.EscapeDataString(one.Value!)}"));
        return query.Length == 0 ? "" : $"?{query}";
    }

    private static long? Id(ParseResult parsed, Option<string?> option)
    {
        if (parsed.GetValue(option) is not { } text) return null;
        return LibraryId.TryParse(text, null, out var id) ? id.Value : throw Refusal.WrongUse($"'{text}' is no id: {option.Name} takes one of those that lists show.");
    }

    /// <summary>What the server refuses here was asked for with wrong options.</summary>
    private static async Task<T> RefusedAsync<T>(Func<Task<T>> ask)
    {
        try
        {
            return await ask();
        }
        catch (ProblemException refused)
        {
            throw Refusal.WrongUse(refused.Message);
        }
    }
}
