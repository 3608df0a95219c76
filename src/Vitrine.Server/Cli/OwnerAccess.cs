using System.CommandLine;
using Vitrine.Core;
using Vitrine.Server.Hosting;

namespace Vitrine.Server.Cli;

/// <summary>An owner to talk to: the one that runs, or one started inside this process, on the socket alone, for as long as the command takes.</summary>
internal sealed class OwnerAccess : IAsyncDisposable
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(200);

    private readonly Owner? _own;

    private OwnerAccess(ServerClient client, Owner? own) => (Client, _own) = (client, own);

    public ServerClient Client { get; }

    /// <summary>Whether the owner is this process.</summary>
    public bool IsOwn => _own is not null;

    /// <param name="works">Whether an owner started here works on jobs; one that only answers leaves them alone.</param>
    public static Task<OwnerAccess> OpenAsync(ParseResult parsed, bool works, CancellationToken cancellation) => OpenAsync(OwnerPlan.Of(parsed) with { Works = works }, cancellation);

    /// <param name="plan">Of an owner that is started here, on the socket alone.</param>
    public static async Task<OwnerAccess> OpenAsync(OwnerPlan plan, CancellationToken cancellation)
    {
        if (await ServerClient.ConnectAsync(DataFolders.Find(plan.DataPath), cancellation) is { } running) return new(running, null);

        var owner = await Owner.PrepareAsync(plan with { Urls = "", Quiet = true }, cancellation);
        try
        {
            await owner.StartAsync(cancellation);
            var client = await ServerClient.ConnectAsync(owner.Data, cancellation);
            return client is null ? throw Refusal.CouldNotRun("The socket in the data folder does not answer.") : new(client, owner);
        }
        catch (Exception failure) when (failure is Refusal or OperationCanceledException)
        {
            await owner.DisposeAsync();
            throw;
        }
    }

    /// <summary>The owner of a data folder that is there, for a command that only asks: what a folder that is not there holds is nothing, and it is not made for that answer.</summary>
    /// <param name="nothing">What such a folder means to the command, as in "so no jobs".</param>
    public static Task<OwnerAccess> OpenKnownAsync(ParseResult parsed, string nothing, CancellationToken cancellation)
    {
        var data = DataFolders.Find(parsed.GetValue(CommonOptions.Data));
        return Directory.Exists(data.Path)
            ? OpenAsync(parsed, works: false, cancellation)
            : throw Refusal.CouldNotRun($"There is no data folder at '{data.Path}', so {nothing}: name it with --data DIR.");
    }

    /// <summary>Where the owner is this process: until no other command talks to it, so that none is left alone in the middle of its work.</summary>
    public async Task WaitForOthersAsync(CancellationToken cancellation)
    {
        if (_own is null) return;
        Client.Dispose();
        var socket = _own.Services.GetRequiredService<OwnerSocket>();
        while (socket.IsInUse) await Task.Delay(LookAgain, TimeProvider.System, cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        if (_own is not null) await _own.DisposeAsync();
    }
}
