using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Vitrine.Core.Jobs;
using Vitrine.Core.Libraries;
using Vitrine.Core.Users;
using Vitrine.Server.Hosting;
using Vitrine.Server.Users;

namespace Vitrine.Tests.Server;

/// <summary>A server with two libraries, of which two users see the first one alone. Nothing works on its jobs, so that they stay as they are put.</summary>
public sealed class JobServer : TestServer
{
    public const string Jobs = "/api/v1/cache/processing-jobs";

    public HttpClient Admin { get; private set; } = null!;

    /// <summary>Sees <see cref="Mine"/> alone.</summary>
    public HttpClient Manager { get; private set; } = null!;

    /// <summary>Sees <see cref="Mine"/> alone, and only sees.</summary>
    public HttpClient Viewer { get; private set; } = null!;

    public Library Mine { get; private set; } = null!;
    public Library Other { get; private set; } = null!;

    public IJobStore Store => Services.GetRequiredService<IJobStore>();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        Admin = await SignInAsync("ada", Role.Admin);
        (Mine, Other) = (await AddAsync("mine"), await AddAsync("other"));
        Manager = await SignInWithGrantAsync("mia", Role.CacheManager);
        Viewer = await SignInWithGrantAsync("vic", Role.Viewer);
    }

    public Task<Job> AddJobAsync(Library library, params string[] presets) => AddScopeAsync(new JobScope(library.Id, presets.Length > 0 ? presets : ["thumbnail"]));

    public async Task<Job> AddScopeAsync(JobScope scope) => (await Store.AddAsync(new(Handler.Derive, scope), CancellationToken.None))!;

    public async Task<Job> JobAsync(JobId id) => (await Store.GetAsync(id, CancellationToken.None))!;

    public static async Task<JsonElement> GetAsync(HttpClient client, string path) => await Answers.JsonAsync(await client.GetAsync(path, Cancellation));

    public static async Task<JsonElement> PostAsync(HttpClient client, string path, string body = "{}", string? key = null) =>
        await Answers.JsonAsync(await SendAsync(client, HttpMethod.Post, path, body, key));

    public static Task<HttpResponseMessage> SendAsync(HttpClient client, HttpMethod method, string path, string? body = null, string? key = null)
    {
        var request = new HttpRequestMessage(method, path) { Content = body is null ? null : Answers.Body(body) };
        if (key is not null) request.Headers.Add("Idempotency-Key", key);
        return client.SendAsync(request, Cancellation);
    }

    private async Task<Library> AddAsync(string name)
    {
        var root = Directory.CreateDirectory(Path.Combine(Folder, name)).FullName;
        var answer = await Services.GetRequiredService<LibraryService>().AddAsync(root, name, null, CancellationToken.None);
        return Assert.IsType<LibraryAnswer.Stored>(answer).Library;
    }

    /// <summary>The password of the Admin is theirs as well: only the store gives grants.</summary>
    private async Task<HttpClient> SignInWithGrantAsync(string name, Role role)
    {
        var users = Services.GetRequiredService<IUserStore>();
        var hash = (await users.FindAsync("ada", CancellationToken.None))!.PasswordHash;
        Assert.NotNull(await users.AddAsync(new(name, hash, role, MayDownload: false, [Mine.Id]), CancellationToken.None));
        var signedIn = await Anonymous.PostAsync("/api/v1/session", JsonContent.Create(new SignInRequest(name, Password), ApiJson.Default.SignInRequest), Cancellation);
        return Client(signedIn.Headers.GetValues("Set-Cookie").Single().Split(';')[0]);
    }
}
