using System.Globalization;
using Vitrine.EndToEnd.Harness;
using Vitrine.Tests.Shared;

namespace Vitrine.EndToEnd.Cluster;

/// <summary>
/// One server without workers and some nodes that work, on a PostgreSQL and a RabbitMQ of the test's own, with a cache folder that all of them share. Each
/// worker reaches the two services through proxies of its own.
/// </summary>
internal sealed class PrivateCluster : IAsyncDisposable
{
    /// <summary>Of leases and locks.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromSeconds(2);

    private const string Database = "vitrine";
    public static readonly TimeSpan StartBound = TimeSpan.FromSeconds(10);

    private readonly List<Worker> _workers = [];
    private Server? _server;
    private int _servers;

    private PrivateCluster(PrivatePostgres postgres, RabbitBroker broker) => (Postgres, Broker) = (postgres, broker);

    public static string? Missing => PrivatePostgres.Missing ?? RabbitBroker.Missing;

    public Scene Scene { get; } = new();

    public PrivatePostgres Postgres { get; }

    public RabbitBroker Broker { get; }

    public Server Server => _server!;

    public IReadOnlyList<Worker> Workers => _workers;

    /// <summary>Skips the test where a service cannot be had.</summary>
    public static async Task<PrivateCluster> StartAsync(int workers, Action<Scene>? prepare = null)
    {
        Assert.SkipWhen(Missing is not null, Missing ?? "");
        var cancellation = TestContext.Current.CancellationToken;
        var postgres = await PrivatePostgres.StartAsync(cancellation);
        var cluster = new PrivateCluster(postgres, await BesideAsync(postgres, cancellation));
        try
        {
            prepare?.Invoke(cluster.Scene);
            await postgres.AskAsync("postgres", $"CREATE DATABASE {Database} ENCODING 'UTF8' TEMPLATE template0", cancellation);
            cluster._server = await cluster.ServeAsync();
            for (var number = 1; number <= workers; number++) cluster._workers.Add(new(cluster, number));
            foreach (var worker in cluster._workers) await worker.StartAsync();
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>Another server on the same database; the first one's data folder is the scene's.</summary>
    public Task<Server> ServeAsync()
    {
        Scene.SetClock(TimeSpan.Zero);
        var name = string.Create(CultureInfo.InvariantCulture, $"server{++_servers}");
        Configure(name, Postgres.Port, Broker.Port);
        var data = Path.Combine(Scene.Folder, name);
        if (_servers == 1) Scene.Data = data;
        return Server.WhenReadyAsync(Scene.Start("serve", "--no-workers", "--data", data, "--urls", "http://127.0.0.1:0"), data);
    }

    /// <summary>One number or text of the database.</summary>
    public async Task<string> AskAsync(string sql) => string.Join('\n', await Postgres.AskAsync(Database, sql, TestContext.Current.CancellationToken));

    /// <summary>Started, and known to work.</summary>
    public async Task<Running> WorkAsync(Worker worker)
    {
        var running = Start(worker, "work");
        if (await running.Out.FirstAsync(line => line.EndsWith(" works.", StringComparison.Ordinal), StartBound) is null)
            throw new InvalidOperationException($"{worker.Name} did not start: {await running.EndAsync(StartBound)}");
        return running;
    }

    /// <summary>A command on a worker's machine.</summary>
    public Running Start(Worker worker, string command)
    {
        Configure(worker.Name, worker.ToDatabase.Port, worker.ToBroker.Port);
        Scene.SetClock(worker.Ahead);
        Scene.Environment["VITRINE__Node__Labels"] = worker.Labels;
        Scene.Environment["VITRINE__Node__Roots"] = worker.Roots;
        return Scene.Start(command, "--data", Path.Combine(Scene.Folder, worker.Name));
    }

    /// <summary>
    /// What all of it must have come to: each picture once, and every total exact. What a lease published and could not commit goes at the next start of any
    /// node, so one is started again.
    /// </summary>
    public async Task WholeAsync(int images, int presets = 2)
    {
        await _workers[0].KillAndStartAsync();
        Assert.Equal($"{images}|{images}", await AskAsync("SELECT count(*), count(*) FILTER (WHERE state = 1) FROM images"));
        Assert.Equal("0", await AskAsync("SELECT count(*) FROM jobs WHERE total <> completed + skipped + failed + cancelled OR failed > 0"));
        await Verified.WholeAsync(Scene, images, presets);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var worker in _workers) await worker.DisposeAsync();
        await Scene.DisposeAsync();
        await Broker.DisposeAsync();
        await Postgres.DisposeAsync();
    }

    private static async Task<RabbitBroker> BesideAsync(PrivatePostgres postgres, CancellationToken cancellation)
    {
        try
        {
            return await RabbitBroker.StartAsync(cancellation);
        }
        catch
        {
            await postgres.DisposeAsync();
            throw;
        }
    }

    /// <summary>The environment of the next program that is started.</summary>
    private void Configure(string name, int databasePort, int brokerPort)
    {
        var seconds = Lease.TotalSeconds.ToString(CultureInfo.InvariantCulture);
        foreach (var (setting, value) in new Dictionary<string, string>
        {
            ["Postgres__ConnectionString"] = Postgres.ConnectionString(Database, databasePort),
            ["RabbitMq__Uri"] = $"amqp://{BrokerUsers.Owner}:{BrokerUsers.Password}@127.0.0.1:{brokerPort}/",
            ["Cache__FirstFolder"] = Path.Combine(Scene.Folder, "cache"),
            ["Node__Name"] = name,
            ["Engine__LeaseSeconds"] = seconds,
            ["Engine__Workers"] = "1",
        }) Scene.Environment[$"VITRINE__{setting}"] = value;
    }
}

/// <summary>A node that works, with the ways to its services.</summary>
internal sealed class Worker(PrivateCluster cluster, int number) : IAsyncDisposable
{
    private Running? _running;

    public string Name { get; } = string.Create(CultureInfo.InvariantCulture, $"worker{number}");

    public TcpProxy ToDatabase { get; } = new(cluster.Postgres.Port);

    public TcpProxy ToBroker { get; } = new(cluster.Broker.Port);

    /// <summary>Of its clock, from its next start on.</summary>
    public TimeSpan Ahead { get; set; }

    /// <summary>From its next start on, as the settings have them.</summary>
    public string Labels { get; set; } = "";

    public string Roots { get; set; } = "";

    public Running Running => _running!;

    public async Task StartAsync() => _running = await cluster.WorkAsync(this);

    /// <summary>What doctor says there of one thing.</summary>
    public async Task<string> DoctorAsync(string check)
    {
        var ended = await cluster.Start(this, "doctor").EndAsync(PrivateCluster.StartBound);
        return Assert.Single(ended.Out.Split('\n'), line => line.Contains($" {check}: ", StringComparison.Ordinal));
    }

    /// <summary>As when its machine fails; then it is started again.</summary>
    public async Task KillAndStartAsync()
    {
        if (!Running.HasEnded) Running.Kill();
        await Running.DisposeAsync();
        await StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_running is not null) await _running.DisposeAsync();
        await ToDatabase.DisposeAsync();
        await ToBroker.DisposeAsync();
    }
}
