namespace Vitrine.EndToEnd.Harness;

/// <summary>What <c>verify --json</c> must say of a library that is whole.</summary>
internal static class Verified
{
    /// <param name="images">All of them are ready, but for those that are not.</param>
    /// <param name="files">Null: one for each row. Equal pictures share a file.</param>
    /// <param name="notReady">Failed or skipped ones, which have no derivative.</param>
    public static async Task WholeAsync(Scene scene, long images, int presets, long? files = null, long notReady = 0)
    {
        var (ended, verified) = await scene.RunJsonAsync("verify");
        var rows = (images - notReady) * presets;
        var expected = $$"""{"images":{{images}},"rows":{{rows}},"files":{{files ?? rows}},"orphans":0,"missing":0,"damaged":0,"countersEqual":true}""";
        Assert.Equal(expected, verified.ToString());
        Assert.Equal(0, ended.ExitCode);
    }
}
