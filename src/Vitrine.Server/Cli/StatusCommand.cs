using System.CommandLine;
using System.Text.Json;
using Vitrine.Server.Health;
using Vitrine.Server.Hosting;
using Vitrine.Server.Jobs;
using Vitrine.Server.Libraries;
using Vitrine.Server.Statistics;

namespace Vitrine.Server.Cli;

/// <summary>What the running owner is and does.</summary>
internal static class StatusCommand
{
    public static Command Create()
    {
        var command = new Command("status", "Shows the running server, its libraries and its open jobs.") { CommonOptions.Data, CommonOptions.Json };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken stop)
    {
        var data = DataFolders.Find(parsed.GetValue(CommonOptions.Data));
        using var client = await ServerClient.ConnectAsync(data, stop)
            ?? throw Refusal.CouldNotRun($"No server runs on '{data.Path}': start one with 'vitrine serve', or name its data folder with --data DIR.");
        var status = await client.GetAsync("/status", ApiJson.Default.StatusShape, stop);
        if (parsed.GetValue(CommonOptions.Json))
        {
            Console.Out.WriteLine(JsonSerializer.Serialize(status, ApiJson.Default.StatusShape));
            return ExitCodes.AllDone;
        }
        var libraries = await client.GetAsync("/libraries", ApiJson.Default.ListShapeLibraryShape, stop);
        var jobs = await client.GetAsync($"/cache/processing-jobs?open=true&limit={Lists.MaxLimit}", ApiJson.Default.ListShapeJobShape, stop);
        Print(status);
        var nodes = await client.GetAsync("/cache/engine/nodes", ApiJson.Default.ListShapeNodeShape, stop);
        if (nodes.Items.Count > 1) Console.Out.WriteLine(string.Join('\n', nodes.Items.Select(Line)));
        Print(await client.GetAsync("/cache/statistics", ApiJson.Default.CacheStatisticsShape, stop));
        foreach (var library in libraries.Items) Print(library);
        foreach (var job in jobs.Items) Console.Out.WriteLine(JobText.Line(job));
        return ExitCodes.AllDone;
    }

    private static void Print(StatusShape status)
    {
        Console.Out.WriteLine($"Vitrine {status.Version} on {status.Node}, up {TimeSpan.FromSeconds((long)status.UptimeSeconds)}, {status.Workers} workers, {Text.Bytes(status.MemoryBytes)} of memory (peak {Text.Bytes(status.PeakMemoryBytes)})");
        Console.Out.WriteLine(status.Ready ? $"Decoder {status.Decoder}: {string.Join(", ", status.Formats)}" : "No decoder starts: run 'vitrine doctor'.");
    }

    private static void Print(CacheStatisticsShape cache) => Console.Out.WriteLine(
        $"Cache: {cache.CachedImages} of {cache.TotalImages} images, {Text.Bytes(cache.TotalCacheBytes)}, in {cache.CollectionsWithCache} collections");

    private static void Print(LibraryShape library)
    {
        Console.Out.WriteLine(Line(library));
        if (library.Held is { Applying: false } held) Console.Out.WriteLine($"  {Text.Of(held)}: 'vitrine brake {library.Id}'");
    }

    private static string Line(NodeShape node) =>
        $"Node {node.Name}{(node.Self ? " (this one)" : "")}, Vitrine {node.Version}, {node.Workers} workers, {node.Batches} batches in hand"
        + (node.Labels.Count == 0 ? "" : $", labels {string.Join(", ", node.Labels)}")
        + (node.Unable.Count == 0 ? "" : $", leaves libraries {string.Join(", ", node.Unable)} to others");

    private static string Line(LibraryShape library) =>
        $"Library {library.Id} '{library.Name}' {library.Root}: {library.Images} images in {library.Collections} collections, {library.Ready} ready, {library.Failed} failed, {library.Skipped} skipped{(library.Online ? "" : ", offline")}";
}
