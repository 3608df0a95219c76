using System.CommandLine;
using System.Net.Http.Json;
using Spectre.Console;
using Vitrine.Core.Users;
using Vitrine.Server.Hosting;
using Vitrine.Server.Users;

namespace Vitrine.Server.Cli;

/// <summary>Users, from the machine itself.</summary>
internal static class UserCommand
{
    private const int MaxPasswordLine = 4096;

    private static readonly Argument<string> UserName = new("name") { Description = "The name to sign in with." };

    private static readonly Option<Role> RoleOption = new("--role")
    {
        Description = "What the user may do.",
        DefaultValueFactory = _ => Role.Admin,
    };

    public static Command Create()
    {
        var add = new Command("add", "Adds a user; the password is asked for, or read from standard input.")
        {
            UserName, RoleOption, CommonOptions.Data, CommonOptions.AllowNetworkData,
        };
        add.SetAction(AddAsync);
        return new("user", "Users of this server.") { add };
    }

    private static async Task<int> AddAsync(ParseResult parsed, CancellationToken stop)
    {
        var request = new NewUserRequest(parsed.GetValue(UserName)!, ReadPassword(), parsed.GetValue(RoleOption));
        await using var owner = await OwnerAccess.OpenAsync(parsed, works: false, stop);
        try
        {
            var added = await owner.Client.PostAsync("/users", JsonContent.Create(request, ApiJson.Default.NewUserRequest), ApiJson.Default.UserShape, stop);
            Console.Out.WriteLine($"{added.Name} can sign in now, as {added.Role}.");
            return ExitCodes.AllDone;
        }
        catch (ProblemException refused)
        {
            throw Refusal.WrongUse(refused.Message);
        }
    }

    /// <summary>Never from the command line, where every user of the machine reads it.</summary>
    private static string ReadPassword()
    {
        if (!Console.IsInputRedirected) return AnsiConsole.Prompt(new TextPrompt<string>("Password:").Secret());
        var line = Console.In.ReadLine() ?? "";
        return line.Length <= MaxPasswordLine ? line : throw Refusal.WrongUse("The password on standard input is too long.");
    }
}
