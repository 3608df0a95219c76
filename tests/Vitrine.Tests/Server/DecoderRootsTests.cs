using Microsoft.Extensions.DependencyInjection;
using Vitrine.Core;
using Vitrine.Core.Decoding;
using Vitrine.Core.Libraries;

namespace Vitrine.Tests.Server;

/// <summary>What decoders may read of folders that a command has named and that are no libraries yet.</summary>
public sealed class DecoderRootsTests(TestServer server) : IClassFixture<TestServer>
{
    [Fact]
    public async Task Only_what_may_become_a_library_is_read_before_it_is_one()
    {
        var data = server.Services.GetRequiredService<DataFolder>();
        var wanted = Directory.CreateDirectory(Path.Combine(server.Folder, "wanted")).FullName;
        var roots = new DecoderRoots(
            server.Services.GetRequiredService<ILibraryStore>(), server.Services.GetRequiredService<NodeRoots>(), data, server.Services.GetRequiredService<RootChecks>(),
            new([wanted, "/", server.Folder, data.Path, Path.Combine(server.Folder, "gone")]));

        var now = await roots.NowAsync(null, TestContext.Current.CancellationToken);

        Assert.Contains(wanted, now);
        Assert.Empty(now.Intersect(["/", server.Folder, data.Path]));
    }
}
