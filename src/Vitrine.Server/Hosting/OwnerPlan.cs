using System.CommandLine;
using Vitrine.Core.Jobs;
using Vitrine.Server.Cli;
using Vitrine.Server.Security;

namespace Vitrine.Server.Hosting;

/// <summary>What the command line asks of an owner.</summary>
/// <param name="DataPath">Null: the default.</param>
/// <param name="Urls">Null: what the settings say; empty: the socket alone.</param>
/// <param name="BasePath">Null: what the settings say.</param>
/// <param name="Works">False: it answers, and leaves jobs alone.</param>
/// <param name="HasWorkers">False: it leaves jobs to other nodes.</param>
/// <param name="Joins">It is a node beside servers that are there: nobody opens a page here, and no first cache folder is made.</param>
/// <param name="PageFolder">Where the page's built files stand; null: beside the program.</param>
/// <param name="Quiet">Only errors are logged.</param>
/// <param name="Time">Of the web server, the engine and the store; null: the machine's.</param>
/// <param name="PasswordRounds">Fewer only in tests, whose passwords guard nothing.</param>
internal sealed record OwnerPlan(string? DataPath, bool AllowNetwork, string? Urls = null, string? BasePath = null, bool Works = true, bool HasWorkers = true, bool Joins = false, bool Quiet = false, string? PageFolder = null,
    TimeProvider? Time = null, int PasswordRounds = Passwords.Rounds)
{
    /// <summary>Folders that the command adds as libraries once the owner has started.</summary>
    public IReadOnlyList<string> Coming { get; init; } = [];

    /// <summary>The settings that it gives, by their names.</summary>
    public IReadOnlyDictionary<string, string?> Given => new Dictionary<string, string?>
    {
        [$"{nameof(Settings.Server)}:{nameof(ServerOptions.Urls)}"] = Urls,
        [$"{nameof(Settings.Engine)}:{nameof(EngineOptions.HasWorkers)}"] = HasWorkers ? null : "false",
        [$"{nameof(Settings.Network)}:{nameof(NetworkOptions.BasePath)}"] = BasePath,
    };

    public static OwnerPlan Of(ParseResult parsed) =>
        new(parsed.GetValue(CommonOptions.Data), parsed.GetValue(CommonOptions.AllowNetworkData));
}
