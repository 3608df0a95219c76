using System.CommandLine;
using Vitrine.Core.Libraries;
using Vitrine.Server.Hosting;

namespace Vitrine.Server.Cli;

/// <summary>Web page, API and workers in one process, until it is stopped.</summary>
internal static class ServeCommand
{
    private static readonly Option<string?> Urls = new("--urls")
    {
        Description = "Addresses to listen on, parted by ';'. Default: http://127.0.0.1:8190",
        HelpName = "URL",
    };

    private static readonly Option<string?> BasePath = new("--base-path")
    {
        Description = "The path that the page and the API are reached beneath, as in /pictures. Default: none",
        HelpName = "PATH",
    };

    private static readonly Option<string[]> Libraries = new("--library")
    {
        Description = "A folder to add as a library, where it is none yet. May be given again.",
        HelpName = "PATH",
        AllowMultipleArgumentsPerToken = true,
    };

    private static readonly Option<bool> NoWorkers = new("--no-workers")
    {
        Description = "Serve alone, and leave jobs to other nodes: 'vitrine work'.",
    };

    public static Command Create()
    {
        Libraries.Validators.Add(CommonOptions.CheckPaths);
        var command = new Command("serve", "Serves the page and the API, and works on jobs.")
        {
            CommonOptions.Data, Urls, BasePath, Libraries, NoWorkers, CommonOptions.Presets, CommonOptions.AllowNetworkData,
        };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken stop)
    {
        var plan = OwnerPlan.Of(parsed) with { Urls = parsed.GetValue(Urls), BasePath = parsed.GetValue(BasePath), HasWorkers = !parsed.GetValue(NoWorkers) };
        await using var owner = await Owner.PrepareAsync(plan, stop);
        SocketThreads.Choose(owner.Settings);
        foreach (var path in parsed.GetValue(Libraries) ?? []) await AddAsync(owner, path, parsed.PresetList(), stop);
        var token = await owner.StartAsync(stop);
        Greet(owner, token);
        await stop.UntilAsync();
        return ExitCodes.AllDone;
    }

    private static async Task AddAsync(Owner owner, string path, IReadOnlyList<string>? presets, CancellationToken stop)
    {
        var service = owner.Services.GetRequiredService<LibraryService>();
        var answer = await service.AddAsync(Path.GetFullPath(path), null, presets is null ? null : LibrarySettings.Default with { Presets = presets }, stop);
        if (answer is LibraryAnswer.Refused refused && refused.Code != LibraryAnswer.Known) throw Refusal.WrongUse(refused.Message);
    }

    private static void Greet(Owner owner, string? token)
    {
        foreach (var page in owner.Pages) Console.Out.WriteLine($"Vitrine is at {page}");
        if (token is not null && owner.Pages.Count > 0)
            Console.Out.WriteLine($"There is no Admin yet. Make one at {owner.Pages[0]}/setup#{token} or with 'vitrine user add'.");
        if (!Directory.Exists(PageFiles.Folder)) Console.Out.WriteLine("The page is not built: only the API answers.");
    }
}
