using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Vitrine.Core.Users;
using Vitrine.Server.Hosting;
using Vitrine.Server.Security;
using Vitrine.Server.Users;

namespace Vitrine.Tests.Server;

/// <summary>Somebody who calls, and what they may do.</summary>
internal sealed record Caller(string Name, HttpClient Client, Scopes Scopes, bool IsPerson = false)
{
    public bool IsKnown => Scopes != Scopes.None;

    public override string ToString() => Name;
}

/// <summary>What tests of access share: users as the API makes them, and their keys.</summary>
internal static class AccessSteps
{
    public const string Users = "/api/v1/users";

    public static async Task<string> UserIdAsync(this TestServer server, string name)
    {
        var all = await Answers.JsonAsync(await server.Socket.GetAsync($"{Users}?limit=200"));
        return all.GetProperty("items").EnumerateArray().Single(user => user.GetProperty("name").GetString() == name).GetProperty("id").GetString()!;
    }

    public static async Task ChangeUserAsync(this TestServer server, string name, UserChangeRequest change)
    {
        var path = $"{Users}/{await server.UserIdAsync(name)}";
        await Answers.JsonAsync(await server.Socket.PatchAsync(path, JsonContent.Create(change, ApiJson.Default.UserChangeRequest)));
    }

    /// <summary>A client with a key of this user, and nothing else: no cookie, no header.</summary>
    public static async Task<HttpClient> KeyClientAsync(this TestServer server, string name, params ScopeShape[] scopes) =>
        server.BearerClient((await server.AddKeyAsync(name, scopes)).Token);

    public static async Task<(string Id, string Token)> AddKeyAsync(this TestServer server, string name, params ScopeShape[] scopes)
    {
        var request = JsonContent.Create(new NewApiKeyRequest("test", scopes), ApiJson.Default.NewApiKeyRequest);
        var made = await Answers.JsonAsync(await server.Socket.PostAsync($"{Users}/{await server.UserIdAsync(name)}/keys", request));
        return (made.GetProperty("key").GetProperty("id").GetString()!, made.GetProperty("token").GetString()!);
    }

    public static HttpClient BearerClient(this TestServer server, string token)
    {
        var client = server.Client(null, withHeader: false);
        client.DefaultRequestHeaders.Authorization = new("Bearer", token);
        return client;
    }

    /// <summary>A key whose time is over.</summary>
    public static async Task<HttpClient> ExpiredKeyClientAsync(this TestServer server, string name)
    {
        var user = UserId.Parse(await server.UserIdAsync(name), null);
        var made = await server.Services.GetRequiredService<ApiKeys>().AddAsync(user, "over", Scopes.View, DateTimeOffset.UnixEpoch, CancellationToken.None);
        return server.BearerClient(made!.Value.Token);
    }

    public static async Task<IReadOnlyList<JsonElement>> AuditAsync(this TestServer server, string query = "")
    {
        var page = await Answers.JsonAsync(await server.Socket.GetAsync($"/api/v1/audit?limit=200{query}"));
        return [.. page.GetProperty("items").EnumerateArray()];
    }
}
