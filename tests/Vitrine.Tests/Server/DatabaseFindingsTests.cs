using Vitrine.Server.Cli;

namespace Vitrine.Tests.Server;

public sealed class DatabaseFindingsTests
{
    [Theory]
    [InlineData(0, null), InlineData(5, null), InlineData(-5, null)]
    [InlineData(6, "6 s ahead of"), InlineData(-300, "300 s behind")]
    public void A_clock_that_is_more_than_five_seconds_off_is_a_warning_and_never_more(int ahead, string? said)
    {
        var finding = DatabaseFindings.Clock(TimeSpan.FromSeconds(ahead));
        Assert.Equal(said is null ? FindingLevel.Ok : FindingLevel.Warning, finding.Level);
        Assert.Contains(said ?? "agrees", finding.Detail, StringComparison.Ordinal);
    }
}
