using System.Globalization;
using System.Net;
using Vitrine.EndToEnd.Harness;
using Vitrine.Tests.Shared;

namespace Vitrine.EndToEnd.Cluster;

/// <summary>Two servers behind the proxy of deploy/, as that file has it but for addresses.</summary>
public sealed class ProxyTests
{
    private const int Images = 40;
    private static readonly (string Name, string Password) Admin = ("admin", "correct horse battery staple");
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(15);

    [Fact]
    public async Task AnyServerAnswersAndTellsWhatAnyWorkerDidAlsoWhenOneIsGone()
    {
        Assert.SkipUnless(File.Exists(Nginx.Program), $"{Nginx.Program} is not installed (package nginx-light).");
        await using var cluster = await PrivateCluster.StartAsync(workers: 1, scene => scene.Environment["VITRINE__Network__TrustedProxies"] = "127.0.0.1");
        await SetUpAsync(cluster.Server);
        await using var other = await cluster.ServeAsync();
        await using var proxy = await Nginx.StartAsync(Path.Combine(cluster.Scene.Folder, "nginx"), [cluster.Server.Url, other.Url]);
        using var person = Api.At(proxy.Url);
        await person.PostAsync("session", new { Admin.Name, Admin.Password });

        using var events = await person.OpenAsync("cache/processing-jobs/stream");
        cluster.Scene.Library.AddMany("a", Images);
        await person.PostAsync("libraries", new { root = cluster.Scene.Library.Root });
        await UntilCompletedAsync(events);
        var pictures = await Gallery.ImagesAsync(person);
        Assert.Equal(Images, pictures.Count);

        cluster.Server.Running.Kill();
        for (var asked = 0; asked < Images; asked++) Assert.Equal("admin", (await person.GetAsync("session"))["name"].Text);
        using var again = await person.OpenAsync("cache/processing-jobs/stream");
        await UntilCompletedAsync(again);
    }

    private static async Task SetUpAsync(Server server)
    {
        var token = (await server.SetUpLinkAsync()).Split('#')[1];
        using var anybody = Api.At(server.Url);
        await anybody.PostAsync("set-up", new { token, Admin.Name, Admin.Password });
    }

    private static async Task UntilCompletedAsync(StreamReader events)
    {
        using var limit = new CancellationTokenSource(Bound * Eventually.Patience);
        while (await events.ReadLineAsync(limit.Token) is { } line)
        {
            if (line.Contains($"\"completedImages\":{Images},", StringComparison.Ordinal)) return;
        }
        throw new InvalidOperationException("The stream of jobs ended.");
    }

    /// <summary>The program, with the settings of deploy/nginx.cluster.conf, on a free port.</summary>
    private sealed class Nginx : IAsyncDisposable
    {
        public const string Program = "/usr/sbin/nginx";

        private readonly Running _running;

        private Nginx(Running running, string url) => (_running, Url) = (running, url);

        public string Url { get; }

        public static async Task<Nginx> StartAsync(string folder, IReadOnlyList<string> servers)
        {
            Directory.CreateDirectory(folder);
            var port = FreePorts.Take();
            var text = await File.ReadAllTextAsync(Path.Combine(Installation.Root, "deploy/nginx.cluster.conf"), TestContext.Current.CancellationToken);
            for (var number = 1; number <= servers.Count; number++) text = Replace(text, $"server-{number}:8190", new Uri(servers[number - 1]).Authority);
            text = Replace(text, "listen 80;", string.Create(CultureInfo.InvariantCulture, $"listen 127.0.0.1:{port};"));
            var temporary = string.Concat(new[] { "client_body", "proxy", "fastcgi", "uwsgi", "scgi" }.Select(name => $"{name}_temp_path {folder}/{name};\n"));
            await File.WriteAllTextAsync(Path.Combine(folder, "nginx.conf"),
                $"daemon off;\npid {folder}/pid;\nerror_log {folder}/log;\nevents {{}}\nhttp {{\naccess_log off;\n{temporary}{text}\n}}\n", TestContext.Current.CancellationToken);
            var running = Running.Start([Program, "-e", $"{folder}/log", "-c", $"{folder}/nginx.conf"], new Dictionary<string, string>(), folder);
            var proxy = new Nginx(running, string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}"));
            await Eventually.TrueAsync("the proxy listens", Bound, proxy.ListensAsync);
            return proxy;
        }

        /// <summary>Its processes end with the first one where that is asked to end.</summary>
        public async ValueTask DisposeAsync()
        {
            _running.Signal(Processes.Terminate);
            await _running.EndAsync(Bound);
            await _running.DisposeAsync();
        }

        private async Task<bool> ListensAsync()
        {
            if (_running.HasEnded) throw new InvalidOperationException($"nginx ended: {await _running.EndAsync(Bound)}");
            using var anybody = Api.At(Url);
            try
            {
                using var answer = await anybody.SendAsync(HttpMethod.Get, "/health/ready");
                return answer.StatusCode == HttpStatusCode.OK;
            }
            catch (HttpRequestException)
            {
                return false;
            }
        }

        private static string Replace(string text, string old, string by)
        {
            Assert.Contains(old, text, StringComparison.Ordinal);
            return text.Replace(old, by, StringComparison.Ordinal);
        }
    }
}
