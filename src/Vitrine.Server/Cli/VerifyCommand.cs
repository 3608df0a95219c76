using System.CommandLine;
using System.Text.Json;
using Vitrine.Core.CacheFolders;
using Vitrine.Server.Hosting;

namespace Vitrine.Server.Cli;

/// <summary>Compares rows, files and counters, and changes nothing.</summary>
internal static class VerifyCommand
{
    public static Command Create()
    {
        var command = new Command("verify", "Compares the database with the files in the cache folders.")
        {
            CommonOptions.Data, CommonOptions.Json, CommonOptions.AllowNetworkData,
        };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken stop)
    {
        var data = DataFolders.Find(parsed.GetValue(CommonOptions.Data));
        if (!Directory.Exists(data.Path)) throw Refusal.CouldNotRun($"There is no data folder at '{data.Path}', so nothing to verify: name it with --data DIR.");
        await using var owner = await OwnerAccess.OpenAsync(parsed, works: false, stop);
        var found = await owner.Client.PostAsync("/verify", null, ApiJson.Default.Verification, stop);
        if (parsed.GetValue(CommonOptions.Json))
        {
            var summary = new VerifySummary(found.Images, found.Rows, found.Files, found.Orphans, found.Missing, found.Damaged, found.CountersEqual);
            Console.Out.WriteLine(JsonSerializer.Serialize(summary, ApiJson.Default.VerifySummary));
        }
        else
        {
            Print(found);
        }
        var right = found is { Orphans: 0, Missing: 0, Damaged: 0, CountersEqual: true };
        return right ? ExitCodes.AllDone : ExitCodes.SomeFailed;
    }

    private static void Print(Verification found)
    {
        Console.Out.WriteLine($"{found.Images} images, {found.Rows} derivatives, {found.Files} files");
        Console.Out.WriteLine($"{found.Orphans} files without a row, {found.Missing} rows without a file, {found.Damaged} damaged files");
        Console.Out.WriteLine(found.CountersEqual ? "All counters equal their rows." : "Counters differ from their rows:");
        foreach (var difference in found.Differences) Console.Out.WriteLine("  " + difference);
    }
}
