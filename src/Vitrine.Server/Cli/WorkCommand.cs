using System.CommandLine;
using Vitrine.Core.Jobs;
using Vitrine.Server.Hosting;

namespace Vitrine.Server.Cli;

/// <summary>A node that works for servers on the same database, until it is stopped: no page, and no address but the socket in its data folder.</summary>
internal static class WorkCommand
{
    public static Command Create()
    {
        var command = new Command("work", "Works on jobs of a database that several nodes share, without a page. Its data folder holds settings, spool and socket.")
        {
            CommonOptions.Data, CommonOptions.AllowNetworkData,
        };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken stop)
    {
        await using var owner = await Owner.PrepareAsync(OwnerPlan.Of(parsed) with { Urls = "", Joins = true }, stop);
        await owner.StartAsync(stop);
        Console.Out.WriteLine($"Node {owner.Services.GetRequiredService<Node>().Name} works.");
        await stop.UntilAsync();
        return ExitCodes.AllDone;
    }
}
