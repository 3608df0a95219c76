namespace Vitrine.Backends.Tests.Simulation;

/// <summary>A simulation that finds nothing may be blind. Each of these faults is found, in either store, by the seeds of one run.</summary>
public sealed class PlantedFaultTests
{
    private static readonly TimeSpan Budget = TimeSpan.FromSeconds(90);

    [Theory]
    [InlineData(Plant.NoFence, "old token")]
    [InlineData(Plant.CountTwice, "its rows|accounted")]
    [InlineData(Plant.ForgetRemainder, "never published")]
    [InlineData(Plant.AnyVersion, "stale")]
    [InlineData(Plant.CompleteEarly, "before it was planned")]
    internal void A_planted_fault_is_found(Plant plant, string said)
    {
        foreach (var store in new[] { "model", "sqlite" })
        {
            var seed = 0L;
            using var histories = new Histories(plant);
            histories.Run(store, Budget, () => ++seed);
            Assert.True(histories.Failure is not null, $"{plant} was not found on {store} in {seed} histories.");
            Assert.Matches(said, histories.Failure);
            Console.WriteLine($"Planted {plant} was found on {store} by seed {seed}.");
        }
    }
}
