using System.Net;
using Vitrine.Core.Users;
using Vitrine.Server.Users;

namespace Vitrine.Tests.Server;

/// <summary>Every operation for everybody: made of the routes that there are, against what is written down of each.</summary>
public sealed class MatrixTests : IAsyncLifetime
{
    private const string UnknownId = "999999999999";
    private const ScopeShape View = ScopeShape.View, Download = ScopeShape.Download, Jobs = ScopeShape.Jobs, Admin = ScopeShape.Admin;

    private readonly TestServer _server = new();
    private readonly List<Caller> _callers = [];

    public async ValueTask InitializeAsync()
    {
        await _server.InitializeAsync();
        _callers.Add(new("nobody", _server.Anonymous, Scopes.None));
        _callers.Add(new("a wrong cookie", _server.Client("vitrine=0123456789012345678901234567890123456789012"), Scopes.None));
        _callers.Add(new("a wrong key", _server.BearerClient("vtr_0123456789012345678901234567890123456789012"), Scopes.None));
        await AddPersonAsync("ada", Role.Admin, mayDownload: false);
        await AddPersonAsync("carl", Role.CacheManager, mayDownload: false);
        await AddPersonAsync("dora", Role.CacheManager, mayDownload: true);
        await AddPersonAsync("vera", Role.Viewer, mayDownload: false);
        await AddPersonAsync("vito", Role.Viewer, mayDownload: true);
        await AddKeyAsync(Role.Admin, View);
        await AddKeyAsync(Role.Admin, View, Download);
        await AddKeyAsync(Role.Admin, Download);
        await AddKeyAsync(Role.Admin, Jobs);
        await AddKeyAsync(Role.Admin, Admin);
        await AddKeyAsync(Role.Admin, View, Download, Jobs, Admin);
        await AddKeyAsync(Role.CacheManager, View, Jobs);
        await AddKeyAsync(Role.Viewer, View);
        _callers.Add(new("a key whose time is over", await _server.ExpiredKeyClientAsync("ada"), Scopes.None));
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task Each_operation_is_open_to_whom_it_is_meant_for_and_to_nobody_else()
    {
        // Signing out comes last: a caller is nobody after it.
        var operations = Operation.Of(_server.Routes).OrderBy(operation => operation.Name == "signOut").ToList();
        var wrong = new List<string>();
        foreach (var operation in operations)
        {
            var need = Expected.Of(operation);
            foreach (var caller in need is Need.Nobody or Need.Provider ? _callers.Take(1) : _callers)
            {
                var status = await CallAsync(operation, caller);
                if (!Fits(need, caller, status)) wrong.Add($"{operation.Name} by {caller}: {(int)status}");
            }
        }
        Assert.True(operations.Count > 95, $"Only {operations.Count} operations were found.");
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    [Fact]
    public async Task Every_operation_of_the_description_is_in_the_matrix_and_nothing_else_is()
    {
        var text = await _server.Socket.GetStringAsync("/api/v1/openapi.json");
        var described = System.Text.Json.JsonDocument.Parse(text).RootElement.GetProperty("paths").EnumerateObject()
            .SelectMany(path => path.Value.EnumerateObject()).Select(operation => operation.Value.GetProperty("operationId").GetString()!);
        Assert.Equal(described.Order(StringComparer.Ordinal), Expected.Needs.Keys.Order(StringComparer.Ordinal));
    }

    private static bool Fits(Need need, Caller caller, HttpStatusCode status) =>
        need == Need.Nobody ? status is not (HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden or HttpStatusCode.NotFound)
        : need is Need.Link or Need.Provider ? status == HttpStatusCode.NotFound
        : !caller.IsKnown ? status == HttpStatusCode.Unauthorized
        : Expected.May(need, caller.Scopes, caller.IsPerson)
            ? status is not (HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden or HttpStatusCode.TooManyRequests or HttpStatusCode.InternalServerError)
            : status == HttpStatusCode.Forbidden;

    private static async Task<HttpStatusCode> CallAsync(Operation operation, Caller caller)
    {
        var path = operation.Path(parameter => parameter switch { "preset" => "thumbnail", "documentName" => "v1", "name" => "unknown", _ => UnknownId });
        using var request = new HttpRequestMessage(new(operation.Method), path);
        using var response = await caller.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        return response.StatusCode;
    }

    private async Task AddPersonAsync(string name, Role role, bool mayDownload) =>
        _callers.Add(new($"{role} {name}", await _server.SignInAsync(name, role, mayDownload), ScopeRules.Of(role, mayDownload), IsPerson: true));

    /// <summary>Each of a user of its own: how often a user may is another matter than whether.</summary>
    private async Task AddKeyAsync(Role role, params ScopeShape[] scopes)
    {
        var name = $"{role} {_callers.Count}";
        var body = $$"""{"name": "{{name}}", "password": "{{TestServer.Password}}", "role": "{{role}}"}""";
        await Answers.JsonAsync(await _server.Socket.PostAsync(AccessSteps.Users, Answers.Body(body)));
        _callers.Add(new($"a key of {name} for {string.Join(", ", scopes)}", await _server.KeyClientAsync(name, scopes), scopes.Sum()));
    }
}
