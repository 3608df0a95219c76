using Vitrine.EndToEnd.Harness;
using Vitrine.Tests.Shared;

namespace Vitrine.EndToEnd;

/// <summary>The program with a broker: what is wrong with one is said at the start and by doctor; with one, and without it, everything is made.</summary>
public sealed class BrokerTests : IAsyncLifetime
{
    private const int CouldNotRun = 3;

    private RabbitBroker? _broker;

    private RabbitBroker Broker => _broker!;

    public async ValueTask InitializeAsync()
    {
        Assert.SkipWhen(RabbitBroker.Missing is not null, RabbitBroker.Missing ?? "");
        _broker = await RabbitBroker.StartAsync(TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (_broker is not null) await _broker.DisposeAsync();
    }

    [Fact]
    public async Task WithABrokerAndWithoutOneEverythingIsMadeAndWhatIsWrongIsNamed()
    {
        await using var scene = new Scene();
        scene.Library.AddMany("", 6).AddMany("a", 6).AddZip("a/book.zip", 6);

        scene.Environment["VITRINE__RabbitMq__Uri"] = Broker.Uri;
        Assert.Equal(18, await ImportedAsync(scene));
        Assert.Equal("ok", await DoctorAsync(scene, $"at 127.0.0.1:{Broker.Port}"));

        scene.Environment["VITRINE__Engine__QueueLength"] = "77";
        await RefusedAsync(scene, "x-max-length 100000, and the settings ask for 77");
        scene.Environment["VITRINE__Engine__QueueLength"] = "100000";

        scene.Environment["VITRINE__RabbitMq__PasswordSecret"] = "guessed-wrong";
        await RefusedAsync(scene, "refuses the user or the password");
        scene.Environment["VITRINE__RabbitMq__PasswordSecret"] = BrokerUsers.Password;
        scene.Environment["VITRINE__RabbitMq__Uri"] = Broker.Uri + "nowhere";
        await RefusedAsync(scene, "nowhere");

        scene.Environment["VITRINE__RabbitMq__Uri"] = Broker.Uri;
        await Broker.KillAsync();
        scene.Library.AddMany("later", 5);
        Assert.Equal(23, await ImportedAsync(scene));
        Assert.Equal("error", await DoctorAsync(scene, "There is no broker at"));
    }

    /// <summary>How many images of the library are made now.</summary>
    private static async Task<long> ImportedAsync(Scene scene)
    {
        var (ended, summary) = await scene.RunJsonAsync("import", scene.Library.Root);
        Assert.True(ended.ExitCode == 0, ended.ToString());
        return summary["completed"].Number;
    }

    private static async Task RefusedAsync(Scene scene, string why)
    {
        var ended = await scene.RunAsync("serve", "--data", scene.Data, "--urls", "http://127.0.0.1:0");
        Assert.True(ended.ExitCode == CouldNotRun, ended.ToString());
        var line = Assert.Single(ended.Errors);
        Assert.Contains(why, line, StringComparison.Ordinal);
        Assert.DoesNotContain("guessed-wrong", line, StringComparison.Ordinal);
    }

    /// <summary>What doctor says of the broker.</summary>
    private static async Task<string> DoctorAsync(Scene scene, string detail)
    {
        var ended = await scene.RunAsync("doctor", "--data", scene.Data);
        var line = Assert.Single(ended.Out.Split('\n'), line => line.Contains(" broker: ", StringComparison.Ordinal));
        Assert.Contains(detail, line, StringComparison.Ordinal);
        return line.Split(' ')[0];
    }
}
