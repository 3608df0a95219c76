using System.CommandLine;
using System.Text.Json;
using Vitrine.Core.Libraries;
using Vitrine.Server.Hosting;
using Vitrine.Server.Libraries;

namespace Vitrine.Server.Cli;

/// <summary>What a scan has held of a library, and the decision on it.</summary>
internal static class BrakeCommand
{
    private static readonly Option<bool> Approve = new("--approve") { Description = "Applies it: what is gone waits in the trash, what changed is made anew." };
    private static readonly Option<bool> Reject = new("--reject") { Description = "Leaves all as it is, until a scan finds the same again." };

    public static Command Create()
    {
        var command = new Command("brake", "Shows what a scan found gone or changed and holds, because it is much; approves or rejects it.")
        {
            LibraryArgument.Argument, Approve, Reject, CommonOptions.Data, CommonOptions.Json, CommonOptions.AllowNetworkData,
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
        var library = LibraryArgument.Of(parsed);
        await using var owner = await OwnerAccess.OpenKnownAsync(parsed, "nothing is held", stop);
        try
        {
            var shown = await AskAsync(owner.Client, library, parsed, stop);
            Console.Out.WriteLine(parsed.GetValue(CommonOptions.Json) ? JsonSerializer.Serialize(shown, ApiJson.Default.LibraryShape) : Line(shown));
            return ExitCodes.AllDone;
        }
        catch (ProblemException refused) when (refused.Status == StatusCodes.Status404NotFound)
        {
            throw LibraryArgument.Unknown(library);
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
