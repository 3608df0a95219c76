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
    private const string Nobody = "no users";

    public static readonly Argument<string> UserName = new("name") { Description = "The name to sign in with." };

    private static readonly Argument<Role> RoleArgument = new("role") { Description = "What the user may do." };
    private static readonly Argument<string[]> Libraries = new("libraries") { Description = "Ids of libraries, as 'vitrine status' shows them.", Arity = ArgumentArity.OneOrMore };
    private static readonly Argument<bool> Allowed = new("allowed") { Description = "true or false. An Admin always may." };

    private static readonly Option<Role> RoleOption = new("--role")
    {
        Description = "What the user may do.",
        DefaultValueFactory = _ => Role.Admin,
    };

    private static readonly Option<bool> DownloadOption = new("--download") { Description = "The user may have originals as they are." };

    public static Command Create()
    {
        var command = JobsCommand.Part("user", "Lists the users of this server; its own commands change them.", ListAsync);
        command.Add(JobsCommand.Part("list", "Lists users, oldest first.", ListAsync));
        command.Add(JobsCommand.Part("add", "Adds a user; the password is asked for, or read from standard input.", AddAsync, UserName, RoleOption, DownloadOption));
        command.Add(JobsCommand.Part("role", "Gives another role, at once.", (parsed, stop) => ChangeAsync(parsed, new(Role: parsed.GetValue(RoleArgument)), stop), UserName, RoleArgument));
        command.Add(JobsCommand.Part("password", "Sets a new password, which ends the user's sessions.", (parsed, stop) => ChangeAsync(parsed, new(Password: ReadPassword()), stop), UserName));
        command.Add(JobsCommand.Part("grant", "Lets a user see libraries.", (parsed, stop) => ChangeAsync(parsed, new(Grant: Ids(parsed)), stop), UserName, Libraries));
        command.Add(JobsCommand.Part("revoke", "Takes libraries away from a user, at once.", (parsed, stop) => ChangeAsync(parsed, new(Revoke: Ids(parsed)), stop), UserName, Libraries));
        command.Add(JobsCommand.Part("download", "Says whether a user may have originals.", (parsed, stop) => ChangeAsync(parsed, new(MayDownload: parsed.GetValue(Allowed)), stop), UserName, Allowed));
        command.Add(JobsCommand.Part("disable", "Shuts a user out, with all sessions and keys.", (parsed, stop) => ChangeAsync(parsed, new(Disabled: true), stop), UserName));
        command.Add(JobsCommand.Part("enable", "Lets a user in again.", (parsed, stop) => ChangeAsync(parsed, new(Disabled: false), stop), UserName));
        command.Add(JobsCommand.Part("remove", "Removes a user, with all sessions and keys.", RemoveAsync, UserName));
        UserSecretCommands.AddTo(command);
        return command;
    }

    /// <summary>The user that a command names.</summary>
    public static async Task<UserShape> FindAsync(ApiAccess access, ParseResult parsed, CancellationToken stop)
    {
        var name = parsed.GetRequiredValue(UserName);
        var all = await access.AllAsync("/users", int.MaxValue, ApiJson.Default.ListShapeUserShape, stop);
        return all.Items.FirstOrDefault(user => string.Equals(user.Name, name, StringComparison.OrdinalIgnoreCase))
            ?? throw Refusal.WrongUse($"There is no user '{Text.Name(name)}': 'vitrine user list' shows those that are there.");
    }

    private static async Task<int> ListAsync(ParseResult parsed, CancellationToken stop)
    {
        await using var access = await ApiAccess.OpenAsync(parsed, Nobody, stop);
        var all = await access.AllAsync("/users", int.MaxValue, ApiJson.Default.ListShapeUserShape, stop);
        return access.Print(all, ApiJson.Default.ListShapeUserShape, list => list.Items.Count == 0 ? ["No users."] : list.Items.Select(Line));
    }

    private static async Task<int> AddAsync(ParseResult parsed, CancellationToken stop)
    {
        var request = new NewUserRequest(parsed.GetRequiredValue(UserName), ReadPassword(), parsed.GetValue(RoleOption), parsed.GetValue(DownloadOption));
        await using var owner = await OwnerAccess.OpenAsync(parsed, works: false, stop);
        try
        {
            var added = await owner.Client.PostAsync("/users", JsonContent.Create(request, ApiJson.Default.NewUserRequest), ApiJson.Default.UserShape, stop);
            Console.Out.WriteLine($"{Text.Name(added.Name)} can sign in now, as {added.Role}.");
            return ExitCodes.AllDone;
        }
        catch (ProblemException refused)
        {
            throw Refusal.WrongUse(refused.Message);
        }
    }

    private static async Task<int> ChangeAsync(ParseResult parsed, UserChangeRequest change, CancellationToken stop)
    {
        await using var access = await ApiAccess.OpenAsync(parsed, Nobody, stop);
        var user = await FindAsync(access, parsed, stop);
        var body = JsonContent.Create(change, ApiJson.Default.UserChangeRequest);
        var changed = await access.AskAsync(client => client.PatchAsync($"/users/{user.Id}", body, ApiJson.Default.UserShape, stop));
        return access.Print(changed, ApiJson.Default.UserShape, now => [Line(now)]);
    }

    private static async Task<int> RemoveAsync(ParseResult parsed, CancellationToken stop)
    {
        await using var access = await ApiAccess.OpenAsync(parsed, Nobody, stop);
        var user = await FindAsync(access, parsed, stop);
        await access.AskAsync(async client =>
        {
            await client.DeleteAsync($"/users/{user.Id}", stop);
            return true;
        });
        return access.Print(user, ApiJson.Default.UserShape, gone => [$"{Text.Name(gone.Name)} is removed."]);
    }

    private static string Line(UserShape user)
    {
        var granted = user.Role == Role.Admin ? "all libraries" : user.LibraryIds.Count == 0 ? "no library" : $"libraries {string.Join(", ", user.LibraryIds)}";
        return $"{Text.Name(user.Name)}: {user.Role}, {granted}{(user.MayDownload || user.Role == Role.Admin ? ", originals" : "")}{(user.Disabled ? ", disabled" : "")}";
    }

    private static IReadOnlyList<LibraryId> Ids(ParseResult parsed) => [.. parsed.GetRequiredValue(Libraries).Select(text =>
        LibraryId.TryParse(text, null, out var id) ? id : throw Refusal.WrongUse($"'{text}' is no id: give the numbers of libraries, as 'vitrine status' shows them."))];

    /// <summary>Never from the command line, where every user of the machine reads it.</summary>
    private static string ReadPassword()
    {
        if (!Console.IsInputRedirected) return AnsiConsole.Prompt(new TextPrompt<string>("Password:").Secret());
        var line = Console.In.ReadLine() ?? "";
        return line.Length <= MaxPasswordLine ? line : throw Refusal.WrongUse("The password on standard input is too long.");
    }
}
