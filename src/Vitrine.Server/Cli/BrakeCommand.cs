using System.CommandLine;
using System.Text.Json;
using Vitrine.Core.Libraries;
using Vitrine.Server.Hosting;
using Vitrine.Server.Libraries;

namespace Vitrine.Server.Cli;

/// <summary>What a scan has held of a library, and the decision on it.</summary>
internal static class BrakeCommand
{
    private static readonly Argument<string> Library = new("library") { Description = "The library's id, as 'vitrine status' shows it." };
    private static readonly Option<bool> Approve = new("--approve") { Description = "Applies it: what is gone waits in the trash, what changed is made anew." };
    private static readonly Option<bool> Reject = new("--reject") { Description = "Leaves all as it is, until a scan finds the same again." };

    public static Command Create()
    {
        var command = new Command("brake", "Shows what a scan found gone or changed and holds, because it is much; approves or rejects it.")
        {
            Library, Approve, Reject, CommonOptions.Data, CommonOptions.Json, CommonOptions.AllowNetworkData,
        };
        command.Validators.Add(result =>
        {
            if (result.GetValue(Approve) && result.GetValue(Reject)) result.AddError("Give one of --approve and --reject.");
        });
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken stop)
    {
        var text = parsed.GetRequiredValue(Library);
        if (!LibraryId.TryParse(text, null, out var library)) throw Refusal.WrongUse($"'{text}' is no id: give the number of a library, as 'vitrine status' shows it.");
        var data = DataFolders.Find(parsed.GetValue(CommonOptions.Data));
        if (!Directory.Exists(data.Path)) throw Refusal.CouldNotRun($"There is no data folder at '{data.Path}', so nothing is held: name it with --data DIR.");
        await using var owner = await OwnerAccess.OpenAsync(parsed, works: false, stop);
        try
        {
            var shown = await AskAsync(owner.Client, library, parsed, stop);
            Console.Out.WriteLine(parsed.GetValue(CommonOptions.Json) ? JsonSerializer.Serialize(shown, ApiJson.Default.LibraryShape) : Line(shown));
            return ExitCodes.AllDone;
        }
        catch (ProblemException refused) when (refused.Status == StatusCodes.Status404NotFound)
        {
            throw Refusal.WrongUse($"There is no library {library}: 'vitrine status' shows those that are there.");
        }
        catch (ProblemException refused) when (refused.Status == StatusCodes.Status409Conflict)
        {
            throw Refusal.WrongUse(refused.Message);
        }
    }

    private static Task<LibraryShape> AskAsync(ServerClient client, LibraryId library, ParseResult parsed, CancellationToken stop)
    {
        var verdict = parsed.GetValue(Approve) ? "approve" : parsed.GetValue(Reject) ? "reject" : null;
        return verdict is null
            ? client.GetAsync($"/libraries/{library}", ApiJson.Default.LibraryShape, stop)
            : client.PostAsync($"/libraries/{library}/brake/{verdict}", null, ApiJson.Default.LibraryShape, stop);
    }

    private static string Line(LibraryShape library) => library.Held is { Applying: false } held
        ? $"Library {library.Id} '{Text.Name(library.Name)}': {Text.Of(held)}."
        : $"Library {library.Id} '{Text.Name(library.Name)}': nothing is held, {library.Images} images.";
}
