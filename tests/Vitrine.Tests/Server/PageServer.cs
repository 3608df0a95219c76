using Vitrine.Server.Hosting;

namespace Vitrine.Tests.Server;

/// <summary>A server with a page of two files, before its set-up.</summary>
public sealed class PageServer : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("vitrine-test-").FullName;
    private Owner _owner = null!;

    public HttpClient Client { get; } = new();

    public async ValueTask InitializeAsync()
    {
        var page = Path.Combine(_folder, "page");
        Directory.CreateDirectory(Path.Combine(page, "assets"));
        await File.WriteAllTextAsync(Path.Combine(page, "index.html"), "<title>the page</title>");
        await File.WriteAllTextAsync(Path.Combine(page, "assets", "app-1a2b.js"), "start()");
        var plan = new OwnerPlan(Path.Combine(_folder, "data"), AllowNetwork: false, Urls: "http://127.0.0.1:0", Works: false, Quiet: true, PageFolder: page, PasswordRounds: 1);
        _owner = await Owner.PrepareAsync(plan, CancellationToken.None);
        await _owner.StartAsync(CancellationToken.None);
        Client.BaseAddress = new(_owner.Urls[0]);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _owner.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
