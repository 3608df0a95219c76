using System.CommandLine;
using System.Text.Json;
using Vitrine.Core.Libraries;
using Vitrine.Server.Hosting;

namespace Vitrine.Server.Cli;

/// <summary>Scans folders and makes their derivatives, shows how far it is, waits for the end and says what came of it.</summary>
internal static class ImportCommand
{
    private static readonly Argument<string[]> Paths = new("path")
    {
        Description = "Folders of images and archives.",
        Arity = ArgumentArity.OneOrMore,
    };

    private static readonly Option<ScanMode> Mode = new("--mode")
    {
        Description = "What is done to a folder that is a library already: what changed (the default), what is incomplete, or everything anew (overwrite).",
    };

    public static Command Create()
    {
        Paths.Validators.Add(CommonOptions.CheckPaths);
        var command = new Command("import", "Adds folders as libraries, scans them, makes their derivatives and waits for the end.")
        {
            Paths, Mode, CommonOptions.Data, CommonOptions.Presets, CommonOptions.Json, CommonOptions.AllowNetworkData,
        };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken stop)
    {
        var json = parsed.GetValue(CommonOptions.Json);
        var paths = parsed.GetValue(Paths)!.Select(Path.GetFullPath).ToList();
        await using var owner = await OwnerAccess.OpenAsync(OwnerPlan.Of(parsed) with { Coming = paths }, stop);
        var import = new Import(owner, TimeProvider.System);
        await import.BeginAsync(paths, parsed.PresetList(), parsed.GetValue(Mode), stop);
        using (var display = ImportDisplay.For(json))
        {
            await import.FollowAsync(display, stop);
        }
        var summary = await import.SummaryAsync(stop);
        if (json) Console.Out.WriteLine(JsonSerializer.Serialize(summary, ApiJson.Default.ImportSummary));
        else Print(summary);
        await owner.WaitForOthersAsync(stop);
        return import.IsWhole && summary.Failed == 0 ? ExitCodes.AllDone : ExitCodes.SomeFailed;
    }

    private static void Print(ImportSummary summary)
    {
        foreach (var failure in summary.Failures) Console.Out.WriteLine($"{failure.Source}: {failure.Code}{(failure.Message is null ? "" : $" ({failure.Message})")}");
        foreach (var held in summary.Held ?? [])
            Console.Out.WriteLine($"Library {held.Library}: {held.Removed} images are gone and {held.Redone} are others now. They stay as they were: 'vitrine brake {held.Library} --approve' applies it, --reject leaves it.");
        foreach (var (preset, made) in summary.Derivatives) Console.Out.WriteLine($"{preset}: {made.Count}, {Text.Bytes(made.Bytes)}");
        Console.Out.WriteLine(
            $"{summary.Images} images in {summary.Collections} collections: {summary.Completed} ready, {summary.Skipped} skipped, {summary.Failed} failed; {summary.ElapsedSeconds:0.0} s, {summary.CpuSeconds:0.0} s of processor time, {Text.Bytes(summary.PeakMemoryBytes)} of memory at most");
    }
}
