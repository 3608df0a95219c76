using System.Globalization;
using System.Text.RegularExpressions;
using Vitrine.EndToEnd.Harness;
using Vitrine.Tests.Shared;

namespace Vitrine.EndToEnd.Cluster;

/// <summary>What PostgreSQL and RabbitMQ cost beside the decoding: processor time of an import of 12-megapixel JPEGs with them, and without, in turns.</summary>
[Collection(nameof(Alone))]
public sealed partial class CostTests(ITestOutputHelper output)
{
    /// <summary>As many as the set has that all other measurements use.</summary>
    private const int Images = 200;
    private const int Turns = 7;
    private const double AtMost = 1.10;

    [Fact]
    public async Task AnImageCostsLittleMoreInACluster()
    {
        Assert.SkipUnless(Installation.IsLong, "A measurement: bench/cluster runs it.");
        Assert.SkipWhen(PrivateCluster.Missing is not null, PrivateCluster.Missing ?? "");
        var cancellation = TestContext.Current.CancellationToken;
        await using var postgres = await PrivatePostgres.StartAsync(cancellation);
        await using var broker = await RabbitBroker.StartAsync(cancellation);
        await using var scene = new Scene();
        // The shell tells what its children used, decoders with them.
        scene.Wrapper.AddRange(["bash", "-c", "\"$@\"; code=$?; times >&2; exit $code", "bash"]);
        for (var number = 1; number <= Images; number++) scene.Library.Add($"{number}.jpg", 4000, 3000);
        var first = new Shelf(Path.Combine(scene.Folder, "first")).AddMany("a", 1).Root;
        List<double> alone = [], program = [], services = [], ratios = [];
        for (var turn = 0; turn < Turns; turn++)
        {
            // Who is first changes with each turn.
            if (turn % 2 == 0) await AloneAsync(turn);
            await TogetherAsync(turn);
            if (turn % 2 != 0) await AloneAsync(turn);
            ratios.Add((program[turn] + services[turn]) / alone[turn]);
        }
        var ratio = Middle(ratios);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"processor time for one image: {1000 * Middle(alone) / Images:F1} ms alone, {1000 * Middle(program) / Images:F1} ms in a cluster and {1000 * Middle(services) / Images:F1} ms in PostgreSQL and RabbitMQ; all of that against alone, {Turns} turns: median {ratio:F3} ({ratios.Min():F3} to {ratios.Max():F3})"));
        Assert.True(ratio <= AtMost, $"The median is {ratio:F3}, at most {AtMost}.");

        // The schema is there before: it is made once for millions of images.
        async Task AloneAsync(int turn)
        {
            await ImportAsync(scene, first, 1, $"alone{turn}");
            alone.Add(await ImportAsync(scene, scene.Library.Root, Images, $"alone{turn}"));
        }

        async Task TogetherAsync(int turn)
        {
            await postgres.AskAsync("postgres", $"CREATE DATABASE turn{turn} TEMPLATE template0", cancellation);
            scene.Environment["VITRINE__Postgres__ConnectionString"] = postgres.ConnectionString($"turn{turn}");
            scene.Environment["VITRINE__RabbitMq__Uri"] = broker.Uri;
            await ImportAsync(scene, first, 1, $"cluster{turn}");
            var before = Processes.ProcessorSeconds(postgres.Id) + Processes.ProcessorSeconds(broker.Id);
            program.Add(await ImportAsync(scene, scene.Library.Root, Images, $"cluster{turn}"));
            services.Add(Processes.ProcessorSeconds(postgres.Id) + Processes.ProcessorSeconds(broker.Id) - before);
            scene.Environment.Remove("VITRINE__Postgres__ConnectionString");
            scene.Environment.Remove("VITRINE__RabbitMq__Uri");
        }
    }

    private static double Middle(List<double> values) => values.Order().ElementAt(values.Count / 2);

    /// <summary>Seconds of processor time, of the program and all that it started.</summary>
    private static async Task<double> ImportAsync(Scene scene, string root, int images, string data)
    {
        var ended = await scene.Start("import", root, "--data", Path.Combine(scene.Folder, data), "--json").EndAsync(TimeSpan.FromMinutes(1));
        Assert.True(ended.ExitCode == 0, ended.ToString());
        Assert.Equal(images, Json.Parse(ended.Out)["completed"].Number);
        return Used().Matches(ended.Errors[^1]).Sum(used => (60 * Number(used.Groups[1])) + Number(used.Groups[2]));
    }

    private static double Number(Group digits) => double.Parse(digits.Value, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"(\d+)m([\d.]+)s")]
    private static partial Regex Used();
}
