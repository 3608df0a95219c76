using System.CommandLine;
using System.Net.Http.Json;
using Vitrine.Server.Hosting;
using Vitrine.Server.Users;

namespace Vitrine.Server.Cli;

/// <summary>Sessions and API keys of a user.</summary>
internal static class UserSecretCommands
{
    private const string Nobody = "no users";

    private static readonly Option<bool> End = new("--end") { Description = "Signs the user out everywhere." };
    private static readonly Option<string?> AddKey = new("--add") { Description = "Makes a key of this name, and prints it this once.", HelpName = "KEY" };
    private static readonly Option<ScopeShape[]> Scopes = new("--scope")
    {
        Description = "What a new key may do: view, download, jobs, admin. May be given several times.",
        DefaultValueFactory = _ => [ScopeShape.View],
    };

    private static readonly Option<int> Days = new("--days") { Description = "How long a new key works.", DefaultValueFactory = _ => 90 };
    private static readonly Option<string?> RevokeKey = new("--revoke") { Description = "Ends the key with this id.", HelpName = "ID" };

    public static void AddTo(Command user)
    {
        user.Add(JobsCommand.Part("sessions", "Shows where a user is signed in.", SessionsAsync, UserCommand.UserName, End));
        user.Add(JobsCommand.Part("keys", "Shows the API keys of a user, and makes or ends one.", KeysAsync, UserCommand.UserName, AddKey, Scopes, Days, RevokeKey));
    }

    private static async Task<int> SessionsAsync(ParseResult parsed, CancellationToken stop)
    {
        await using var access = await ApiAccess.OpenAsync(parsed, Nobody, stop);
        var path = $"/users/{(await UserCommand.FindAsync(access, parsed, stop)).Id}/sessions";
        if (parsed.GetValue(End))
        {
            var ended = await access.AskAsync(client => client.DeleteAsync(path, ApiJson.Default.ChangedShape, stop));
            return access.Print(ended, ApiJson.Default.ChangedShape, all => [$"{all.Count} ended."]);
        }
        var open = await access.AskAsync(client => client.GetAsync(path, ApiJson.Default.ListShapeOpenSessionShape, stop));
        return access.Print(open, ApiJson.Default.ListShapeOpenSessionShape, list => list.Items.Count == 0
            ? ["Not signed in."]
            : list.Items.Select(session => $"{session.Id}: since {Text.Time(session.CreatedAt)}, used {Text.Time(session.SeenAt)}, {Text.Name(session.Agent)}"));
    }

    private static async Task<int> KeysAsync(ParseResult parsed, CancellationToken stop)
    {
        await using var access = await ApiAccess.OpenAsync(parsed, Nobody, stop);
        var path = $"/users/{(await UserCommand.FindAsync(access, parsed, stop)).Id}/keys";
        if (parsed.GetValue(AddKey) is { } name)
        {
            var body = JsonContent.Create(new NewApiKeyRequest(name, parsed.GetRequiredValue(Scopes), parsed.GetValue(Days)), ApiJson.Default.NewApiKeyRequest);
            var made = await access.AskAsync(client => client.PostAsync(path, body, ApiJson.Default.NewApiKeyShape, stop));
            return access.Print(made, ApiJson.Default.NewApiKeyShape, key => [key.Token]);
        }
        if (parsed.GetValue(RevokeKey) is { } text)
        {
            var id = ApiKeyId.TryParse(text, null, out var number) ? number : throw Refusal.WrongUse($"'{text}' is no id of a key.");
            await access.AskAsync(async client =>
            {
                await client.DeleteAsync($"{path}/{id}", stop);
                return true;
            }, $"The user has no key {id}.");
        }
        var keys = await access.AskAsync(client => client.GetAsync(path, ApiJson.Default.ListShapeApiKeyShape, stop));
        return access.Print(keys, ApiJson.Default.ListShapeApiKeyShape, list => list.Items.Count == 0 ? ["No keys."] : list.Items.Select(Line));
    }

    private static string Line(ApiKeyShape key) =>
        $"{key.Id}: {Text.Name(key.Name)}, {string.Join(", ", key.Scopes)}, until {Text.Time(key.ExpiresAt)}{(key.UsedAt is { } used ? $", used {Text.Time(used)}" : ", never used")}";
}
