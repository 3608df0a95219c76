using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Vitrine.Core.CacheFolders;
using Vitrine.Server.Hosting;

namespace Vitrine.Server.Cli;

/// <summary>Compares rows, files and counters, and repairs where it is told to.</summary>
internal static class VerifyCommand
{
    private const int MaxMinutes = 1440;

    private static readonly Option<bool> Repair = new("--repair")
    {
        Description = "Take out files that are missing or damaged, queue what they showed to be made again, and count wrong counters anew.",
    };

    private static readonly Option<int> Minutes = new("--minutes")
    {
        Description = "End after so long; the next run with a time goes on from there. Default: 0, all of it",
        HelpName = "N",
    };

    public static Command Create()
    {
        var command = new Command("verify", "Compares the database with the files in the cache folders.")
        {
            Repair, Minutes, CommonOptions.Data, CommonOptions.Json, CommonOptions.AllowNetworkData,
        };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken stop)
    {
        var minutes = parsed.GetValue(Minutes);
        if (minutes is < 0 or > MaxMinutes) throw Refusal.WrongUse($"--minutes is a number from 0 to {MaxMinutes}.");
        await using var owner = await OwnerAccess.OpenKnownAsync(parsed, "nothing to verify", stop);
        var found = await owner.Client.PostAsync(string.Create(CultureInfo.InvariantCulture, $"/verify?repair={(parsed.GetValue(Repair) ? "true" : "false")}&minutes={minutes}"), null, ApiJson.Default.Verification, stop);
        if (parsed.GetValue(CommonOptions.Json))
        {
            var summary = new VerifySummary(found.Images, found.Rows, found.Files, found.Orphans, found.Missing, found.Damaged, found.CountersEqual)
            {
                Incomplete = found.Complete ? null : true,
                Repair = found.Repair,
            };
            Console.Out.WriteLine(JsonSerializer.Serialize(summary, ApiJson.Default.VerifySummary));
        }
        else
        {
            Print(found);
        }
        return IsRight(found) ? ExitCodes.AllDone : ExitCodes.SomeFailed;
    }

    /// <summary>Also where all that was wrong is repaired now.</summary>
    private static bool IsRight(Verification found) =>
        found.Orphans == 0 && found.Missing + found.Damaged == (found.Repair?.Blobs ?? 0) && (found.CountersEqual || found.Repair is { Counters: > 0 });

    private static void Print(Verification found)
    {
        if (!found.Complete)
        {
            Console.Out.WriteLine($"{found.Missing} rows without a file, {found.Damaged} damaged files so far; the next run with --minutes goes on from here");
            PrintRepair(found.Repair);
            return;
        }
        Console.Out.WriteLine($"{found.Images} images, {found.Rows} derivatives, {found.Files} files");
        Console.Out.WriteLine($"{found.Orphans} files without a row, {found.Missing} rows without a file, {found.Damaged} damaged files");
        Console.Out.WriteLine(found.CountersEqual ? "All counters equal their rows." : "Counters differ from their rows:");
        foreach (var difference in found.Differences) Console.Out.WriteLine("  " + difference);
        PrintRepair(found.Repair);
    }

    private static void PrintRepair(VerifyRepair? repair)
    {
        if (repair is null) return;
        Console.Out.WriteLine($"Repaired: {repair.Blobs} files taken out; {repair.Derivatives} derivatives are made again by {repair.Jobs} jobs; {repair.Counters} counters counted anew");
    }
}
