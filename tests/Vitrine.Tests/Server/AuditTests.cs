using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Vitrine.Core.Users;
using Vitrine.Server.Security;

namespace Vitrine.Tests.Server;

/// <summary>What people do is written down: once, by whom, and without a secret.</summary>
public sealed class AuditTests : IAsyncLifetime
{
    private const string Secret = "a secret of nobody else";

    private readonly SeededServer _server = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => _server.InitializeAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public void Whatever_changes_something_is_an_act_but_for_these()
    {
        var others = Operation.Of(_server.Routes).Where(operation => !operation.IsRead && !AuditTrail.IsAct(operation.Route)).Select(operation => operation.Name);
        Assert.Equal(["forecastJob", "getImages", "getThumbnails", "showView"], others.Order());
    }

    [Fact]
    public async Task Every_act_has_one_row_with_who_did_it_and_to_what()
    {
        foreach (var (act, method, path, body) in await ActsAsync())
        {
            var before = (await _server.AuditAsync()).Count;
            using var request = new HttpRequestMessage(new(method), "/api/v1" + path) { Content = body is null ? null : Answers.Body(body) };
            using var response = await _server.Admin.SendAsync(request, Cancellation);
            Assert.True(response.IsSuccessStatusCode, $"{act} answered {(int)response.StatusCode} {await response.Content.ReadAsStringAsync(Cancellation)}");
            var rows = await _server.AuditAsync();
            Assert.True(rows.Count == before + 1, $"{act} left {rows.Count - before} rows.");
            Assert.Equal((act, "ada"), (rows[0].GetProperty("what").GetString(), rows[0].GetProperty("name").GetString()));
        }
    }

    [Fact]
    public async Task What_is_refused_leaves_none()
    {
        var before = (await _server.AuditAsync()).Count;
        (string Method, string Path, string? Body)[] refused =
        [
            ("DELETE", "/libraries/4711", null), ("PATCH", "/users/4711", "{}"), ("POST", "/users", """{"name": "ada", "password": "correct horse battery"}"""),
            ("DELETE", $"/users/{await _server.UserIdAsync("ada")}", null), ("POST", "/cache/presets", """{"name": "?", "quality": 80}"""), ("POST", "/cache/processing-jobs/4711/cancel", null),
            ("POST", "/cache/processing-jobs/recover", null),
        ];
        foreach (var (method, path, body) in refused)
        {
            using var request = new HttpRequestMessage(new(method), "/api/v1" + path) { Content = body is null ? null : Answers.Body(body) };
            using var response = await _server.Admin.SendAsync(request, Cancellation);
        }
        using var forbidden = await _server.Viewer.DeleteAsync($"/api/v1/libraries/{_server.Library.Id}", Cancellation);
        Assert.Equal(HttpStatusCode.Forbidden, forbidden.StatusCode);
        Assert.Equal(before, (await _server.AuditAsync()).Count);
    }

    [Fact]
    public async Task A_sign_in_and_a_key_are_named_and_a_wrong_password_is_no_act()
    {
        var (id, token) = await _server.AddKeyAsync("ada", Vitrine.Server.Users.ScopeShape.Jobs, Vitrine.Server.Users.ScopeShape.View);
        using var wrong = await _server.Anonymous.PostAsync("/api/v1/session", Answers.Body("""{"name": "ada", "password": "wrong password"}"""), Cancellation);
        Assert.Equal(HttpStatusCode.Unauthorized, wrong.StatusCode);
        Assert.Equal(2, (await _server.AuditAsync("&what=signIn")).Count);

        using var pinned = await _server.BearerClient(token).PutAsync("/api/v1/collections/1/pin", null, Cancellation);
        Assert.True(pinned.IsSuccessStatusCode);
        var row = (await _server.AuditAsync())[0];
        Assert.Equal(("pinCollection", id, "1"), (row.GetProperty("what").GetString(), row.GetProperty("keyId").GetString(), row.GetProperty("target").GetString()));
    }

    [Fact]
    public async Task No_secret_is_in_the_audit_whatever_was_done()
    {
        var user = await _server.UserIdAsync("vera");
        using var added = await _server.Admin.PostAsync("/api/v1/users", Answers.Body($$"""{"name": "eve", "password": "{{Secret}}"}"""), Cancellation);
        using var changed = await _server.Admin.PatchAsync($"/api/v1/users/{user}", Answers.Body($$"""{"password": "{{Secret}}", "role": "CacheManager"}"""), Cancellation);
        using var own = await _server.Admin.PutAsync("/api/v1/session/password", Answers.Body($$"""{"password": "{{TestServer.Password}}", "newPassword": "{{Secret}}"}"""), Cancellation);
        Assert.All(new[] { added, changed, own }, response => Assert.True(response.IsSuccessStatusCode));
        var (_, token) = await _server.AddKeyAsync("vera", Vitrine.Server.Users.ScopeShape.View);

        var all = string.Join('\n', await _server.AuditAsync());
        Assert.Contains("CacheManager", all, StringComparison.Ordinal);
        foreach (var secret in new[] { Secret, TestServer.Password, token, "vtr_" }) Assert.DoesNotContain(secret, all, StringComparison.Ordinal);
    }

    [Fact]
    public void A_body_with_a_secret_keeps_a_copy_without()
    {
        string[] secret = ["Password", "Token", "Secret"];
        foreach (var type in typeof(IAuditable).Assembly.GetTypes().Where(type => type is { IsClass: true } && type.IsAssignableTo(typeof(IAuditable))))
        {
            if (!type.GetProperties().Any(property => secret.Any(word => property.Name.Contains(word, StringComparison.Ordinal)))) continue;
            Assert.True(type.GetInterfaceMap(typeof(IAuditable)).TargetMethods[0].DeclaringType == type, $"{type.Name} would keep a secret.");
        }
    }

    /// <summary>Those with risk High, and what changes users, keys, libraries, folders, presets and schedules.</summary>
    private async Task<IReadOnlyList<(string Act, string Method, string Path, string? Body)>> ActsAsync()
    {
        const string Jobs = "/cache/processing-jobs";
        var (library, folder) = (_server.Library.Id, (await Json("/cache/folders")).GetProperty("items")[0].GetProperty("id").GetString());
        var vera = await _server.UserIdAsync("vera");
        var job = await JobAsync();
        var root = Directory.CreateDirectory(Path.Combine(_server.Folder, "more")).FullName;
        var cache = Path.Combine(_server.Folder, "more-cache");
        var (key, own) = ((await _server.AddKeyAsync("vera", Vitrine.Server.Users.ScopeShape.View)).Id, (await _server.AddKeyAsync("ada", Vitrine.Server.Users.ScopeShape.View)).Id);
        var session = (await Json($"/users/{vera}/sessions")).GetProperty("items")[0].GetProperty("id").GetString();
        return
        [
            ("pauseJob", "POST", $"{Jobs}/{job}/pause", null), ("resumeJob", "POST", $"{Jobs}/{job}/resume", null), ("cancelJob", "POST", $"{Jobs}/{job}/cancel", null),
            ("cleanUpJobs", "DELETE", $"{Jobs}/cleanup?olderThanDays=0", null),
            ("cleanUpCache", "POST", $"/cache/folders/{folder}/cleanup/cache", null), ("cleanUpThumbnails", "POST", $"/cache/folders/{folder}/cleanup/thumbnails", null),
            ("cleanUpAll", "POST", $"/cache/folders/{folder}/cleanup/all", null), ("reconcileCacheFolder", "POST", $"/cache/folders/{folder}/reconcile", null),
            ("verify", "POST", "/verify", null),
            ("runBulkOperation", "POST", "/cache/bulk/operations", $$"""{"operation": "scan", "libraryIds": ["{{library}}"]}"""),
            ("startJob", "POST", Jobs, $$"""{"type": "derive", "libraryId": "{{library}}"}"""),
            ("scanLibrary", "POST", $"/libraries/{library}/scan?mode=overwrite", null),
            ("addSchedule", "POST", "/cache/schedules", $$"""{"kind": "scan", "cron": "0 3 * * *", "libraryId": "{{library}}"}"""),
            ("changeSchedule", "PATCH", "/cache/schedules/1", """{"enabled": false}"""), ("removeSchedule", "DELETE", "/cache/schedules/1", null),
            ("addPreset", "POST", "/cache/presets", """{"name": "wall", "quality": 80}"""), ("changePreset", "PATCH", "/cache/presets/wall", """{"quality": 81}"""),
            ("retirePreset", "DELETE", "/cache/presets/wall", null),
            ("addCacheFolder", "POST", "/cache/folders", $$"""{"path": "{{cache}}", "limitBytes": 100000000, "floorBytes": 0}"""),
            ("changeCacheFolder", "PATCH", "/cache/folders/2", """{"priority": 1}"""), ("drainCacheFolder", "POST", "/cache/folders/2/drain", null),
            ("stopDrainingCacheFolder", "POST", "/cache/folders/2/drain/stop", null), ("removeCacheFolder", "DELETE", "/cache/folders/2", null),
            ("addLibrary", "POST", "/libraries", $$"""{"root": "{{root}}"}"""), ("changeLibrary", "PATCH", $"/libraries/{library}", """{"name": "other"}"""),
            ("addLibraries", "POST", "/libraries/batch", $$"""{"roots": ["{{Directory.CreateDirectory(root + "-too").FullName}}"]}"""),
            ("changeEngine", "PATCH", "/cache/engine", """{"workers": 1}"""), ("pinCollection", "PUT", "/collections/1/pin", null),
            ("removeLibrary", "DELETE", $"/libraries/{library}", null),
            ("addUser", "POST", "/users", """{"name": "eve", "password": "correct horse battery"}"""), ("changeUser", "PATCH", $"/users/{vera}", """{"mayDownload": false}"""),
            ("addUserApiKey", "POST", $"/users/{vera}/keys", """{"name": "k", "scopes": ["view"]}"""), ("revokeUserApiKey", "DELETE", $"/users/{vera}/keys/{key}", null),
            ("endUserSession", "DELETE", $"/users/{vera}/sessions/{session}", null), ("removeUser", "DELETE", $"/users/{vera}", null),
            ("addApiKey", "POST", "/keys", """{"name": "k", "scopes": ["view"], "days": 1}"""), ("revokeApiKey", "DELETE", $"/keys/{own}", null),
        ];
    }

    private async Task<string> JobAsync()
    {
        var jobs = _server.Services.GetRequiredService<Vitrine.Core.Jobs.IJobStore>();
        return $"{(await jobs.AddAsync(new(Vitrine.Core.Jobs.Handler.Derive, new(_server.Library.Id, ["display"])), Cancellation))!.Id}";
    }

    private async Task<JsonElement> Json(string path) => await Answers.JsonAsync(await _server.Admin.GetAsync("/api/v1" + path, Cancellation));
}
