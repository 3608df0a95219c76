using System.Globalization;
using Vitrine.Core.CacheFolders;

namespace Vitrine.Backends.Tests.CacheFolders.Histories;

/// <summary>One history of a cache folder. The seed decides everything; what always holds is looked at after each step.</summary>
internal sealed class FolderHistory(long seed, FolderPlant plant)
{
    private const int Steps = 40;
    private readonly List<string> _told = [];

    /// <summary>A planted fault is sought where it is, so that few histories find it.</summary>
    private readonly string? _sought = FolderPlants.OperationOf(plant);

    public IReadOnlyDictionary<string, int> Reached { get; private set; } = new Dictionary<string, int>();

    /// <summary>What went wrong, with all that was done before; null where nothing did.</summary>
    public async Task<string?> RunAsync()
    {
        await using var world = await FolderWorld.OpenAsync(seed, plant);
        Reached = world.Reached;
        await BeginAsync(world);
        for (var step = 1; step <= Steps; step++)
        {
            await StepAsync(world);
            if (await FolderInvariants.ProblemAsync(world) is { } problem) return Tell(problem);
        }
        await SettleAsync(world);
        return await FolderInvariants.ProblemAtRestAsync(world) is { } left ? Tell(left) : null;
    }

    /// <summary>There is something in it. The first thumbnails show how large they are: before, all room is kept for those to come.</summary>
    private async Task BeginAsync(FolderWorld world)
    {
        foreach (var changes in new[] { 1, 6 })
        {
            for (var i = 0; i < changes; i++) _told.Add($"at first: {world.Sources.Change(world.Chance)}");
            await world.Story.ScanAsync(world.Library, world.Sources.Tree);
            _told.Add($"at first: {await FolderOperations.DeriveAllAsync(world)}");
        }
    }

    private async Task StepAsync(FolderWorld world)
    {
        var operation = Pick(world);
        world.Disk.CrashIn = world.Chance.Is(operation.Name == _sought ? 0.7 : 0.2) ? world.Chance.Between(1, operation.Name == _sought ? 4 : 5) : null;
        world.Reach(operation.Name);
        try
        {
            _told.Add($"{operation.Name}: {await operation.RunAsync(world)}");
        }
        catch (CrashException)
        {
            world.Reach("crashes");
            _told.Add($"{operation.Name}: the process crashes in it");
            world.Disk.CrashIn = null;
            if (await FolderInvariants.ProblemAsync(world) is { } problem) world.Disk.Faults.Add(problem);
            await world.RecoverAsync();
        }
        world.Disk.CrashIn = null;
    }

    private FolderOperation Pick(FolderWorld world)
    {
        var at = world.Chance.Next(FolderOperations.All.Sum(Weight));
        foreach (var operation in FolderOperations.All)
        {
            at -= Weight(operation);
            if (at < 0) return operation;
        }
        throw new InvalidOperationException("The weights do not add up.");
    }

    private int Weight(FolderOperation operation) => operation.Name == _sought ? operation.Weight * 4 : operation.Weight;

    /// <summary>Faults stop; all is repaired, made and cleaned.</summary>
    private async Task SettleAsync(FolderWorld world)
    {
        await world.RecoverAsync();
        foreach (var folder in world.Folders) await world.DrainAsync(folder, false);
        await world.Verify.RunAsync(new(Repair: true), CancellationToken.None);
        world.Spoilt.Clear();
        _told.Add($"at rest: {await FolderOperations.DeriveAllAsync(world)}");
        world.Store.Time.Advance(CleanUpRequest.Grace + TimeSpan.FromHours(1));
        await world.CleanUp.RunAllAsync(new(CleanUpScope.All, TimeSpan.Zero, DryRun: false), CancellationToken.None);
    }

    private string Tell(string problem) =>
        string.Create(CultureInfo.InvariantCulture, $"Seed {seed}: {problem}\n{string.Join('\n', _told)}\nAgain: VITRINE_FOLDER_SEED={seed}");
}
