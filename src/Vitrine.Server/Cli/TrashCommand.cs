using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Vitrine.Core.Libraries;
using Vitrine.Server.Hosting;
using Vitrine.Server.Jobs;
using Vitrine.Server.Libraries;

namespace Vitrine.Server.Cli;

/// <summary>The trash of a library: what it lost, and forgetting that at once.</summary>
internal static class TrashCommand
{
    private static readonly Option<bool> Empty = new("--empty") { Description = "Forgets all of it at once, in place of after its days." };

    public static Command Create()
    {
        var command = new Command("trash", "Shows the images of a library whose originals are gone; they come back by themselves when their originals do.")
        {
            LibraryArgument.Argument, Empty, CommonOptions.Data, CommonOptions.Json, CommonOptions.AllowNetworkData,
        };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken stop)
    {
        var library = LibraryArgument.Of(parsed);
        await using var owner = await OwnerAccess.OpenKnownAsync(parsed, "no trash", stop);
        try
        {
            if (parsed.GetValue(Empty)) await EmptyAsync(owner.Client, library, parsed.GetValue(CommonOptions.Json), stop);
            else await PrintAsync(owner.Client, library, parsed.GetValue(CommonOptions.Json), stop);
        }
        catch (ProblemException refused) when (refused.Status == StatusCodes.Status404NotFound)
        {
            throw LibraryArgument.Unknown(library);
        }
        return ExitCodes.AllDone;
    }

    private static async Task EmptyAsync(ServerClient client, LibraryId library, bool json, CancellationToken stop)
    {
        var forgotten = await client.DeleteAsync($"/libraries/{library}/trash", ApiJson.Default.ChangedShape, stop);
        Console.Out.WriteLine(json ? JsonSerializer.Serialize(forgotten, ApiJson.Default.ChangedShape) : $"{forgotten.Count} forgotten.");
    }

    private static async Task PrintAsync(ServerClient client, LibraryId library, bool json, CancellationToken stop)
    {
        var all = new List<RemovedImageShape>();
        string? cursor = null;
        do
        {
            var page = await client.GetAsync($"/libraries/{library}/trash?limit=200{(cursor is null ? "" : $"&cursor={cursor}")}", ApiJson.Default.ListShapeRemovedImageShape, stop);
            if (json) all.AddRange(page.Items);
            else foreach (var image in page.Items) Console.Out.WriteLine(Line(image));
            cursor = page.Next;
        }
        while (cursor is not null);
        if (json) Console.Out.WriteLine(JsonSerializer.Serialize(new(all, null), ApiJson.Default.ListShapeRemovedImageShape));
    }

    private static string Line(RemovedImageShape image) => string.Create(CultureInfo.InvariantCulture,
        $"{image.RemovedAt:yyyy-MM-dd HH:mm}Z {image.Size,12} {Text.Name(Path.Combine(image.Path, image.Name))}");
}
