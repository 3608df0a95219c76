using System.Globalization;
using System.Text;
using Vitrine.Backends.Sql.Sqlite;
using Vitrine.Backends.Tests.Specs;
using Vitrine.Core.Libraries;

namespace Vitrine.Backends.Tests.Sqlite;

/// <summary>What a step of a scan finds anew may have been elsewhere before: it is looked up, and the library is not read through for it.</summary>
public sealed class ScanReadTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(ContainerKind.Zip)]
    [InlineData(ContainerKind.Directory)]
    public async Task A_new_container_reads_as_many_pages_of_a_large_library_as_of_a_small_one(ContainerKind kind)
    {
        var (small, large) = (await PagesAsync(kind, 100), await PagesAsync(kind, 6400));
        Assert.InRange(large, 1, 2 * small);
    }

    private static async Task<long> PagesAsync(ContainerKind kind, int containers)
    {
        await using var store = await SqliteStore.OpenAsync();
        var story = new Story(store);
        await story.StartScanAsync(await story.AddLibraryAsync());
        var lease = await story.MustLeaseAsync();
        await ApplyAsync(Enumerable.Range(0, containers));

        var database = (SqliteDatabase)((SqlStore)store).Stores.Database;
        var before = await database.PagesReadAsync();
        await ApplyAsync([containers]);
        return await database.PagesReadAsync() - before;

        async Task ApplyAsync(IEnumerable<int> numbers)
        {
            var found = numbers.Select(number => Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{number:D6}"))).Select(name =>
                new FoundContainer(kind, SourcePath.FromBytes(name), Encoding.UTF8.GetString(name), name, new(1, 1, 1000 + int.Parse(name, CultureInfo.InvariantCulture)), OnlyName: true));
            Assert.True((await store.Libraries.ApplyAsync(lease, new(lease.Collection, [], [.. found], SameMount: true), Cancellation)).Accepted);
        }
    }
}
