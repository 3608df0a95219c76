using System.CommandLine;
using Vitrine.Server.Hosting;
using Vitrine.Server.Users;

namespace Vitrine.Server.Cli;

/// <summary>Who did what.</summary>
internal static class AuditCommand
{
    private static readonly Option<int> Limit = new("--limit") { Description = "How many rows at most.", DefaultValueFactory = _ => 100 };
    private static readonly Option<string?> What = new("--what") { Description = "Only this operation, by its name in the API.", HelpName = "NAME" };

    public static Command Create() => JobsCommand.Part("audit", "Shows who did what, newest first.", RunAsync, What, Limit);

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken stop)
    {
        await using var access = await ApiAccess.OpenAsync(parsed, "no audit", stop);
        var path = parsed.GetValue(What) is { } what ? $"/audit?what={Uri.EscapeDataString(what)}" : "/audit";
        var rows = await access.AllAsync(path, Math.Max(1, parsed.GetValue(Limit)), ApiJson.Default.ListShapeAuditEntryShape, stop);
        return access.Print(rows, ApiJson.Default.ListShapeAuditEntryShape, list => list.Items.Select(Line));
    }

    private static string Line(AuditEntryShape row) => Text.Name(
        $"{Text.Time(row.At)} {row.Name}{(row.KeyId is { } key ? $" (key {key})" : "")} {row.What}{(row.Target is { } target ? $" {target}" : "")}{(row.Detail is { } detail ? $" {detail}" : "")}");
}
