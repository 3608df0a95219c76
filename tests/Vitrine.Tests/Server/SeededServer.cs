using System.Security.Cryptography;
using Microsoft.Extensions.DependencyInjection;
using Vitrine.Core.CacheFolders;
using Vitrine.Core.Derivatives;
using Vitrine.Core.Jobs;
using Vitrine.Core.Libraries;
using Vitrine.Core.Users;

namespace Vitrine.Tests.Server;

/// <summary>A server whose one library holds one scanned image with a thumbnail, put there through the contracts, without a decoder.</summary>
public class SeededServer : TestServer
{
    public const string Name = "ä \"one\".jpg";
    public static readonly byte[] OriginalBytes = RandomNumberGenerator.GetBytes(3000);
    public static readonly byte[] ThumbnailBytes = RandomNumberGenerator.GetBytes(1000);

    public HttpClient Admin { get; private set; } = null!;

    /// <summary>Sees no library.</summary>
    public HttpClient Viewer { get; private set; } = null!;

    public Library Library { get; private set; } = null!;
    public ImageId Image { get; private set; }
    public string Root => Path.Combine(Folder, "pictures");
    public string Hash { get; } = Convert.ToHexStringLower(SHA256.HashData(ThumbnailBytes));
    public string ThumbnailFile { get; private set; } = "";

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        Admin = await SignInAsync("ada", Role.Admin);
        Viewer = await SignInAsync("vera", Role.Viewer, mayDownload: true);
        Directory.CreateDirectory(Root);
        await File.WriteAllBytesAsync(Path.Combine(Root, Name), OriginalBytes);
        var answer = await Services.GetRequiredService<LibraryService>().AddAsync(Root, null, new(["thumbnail"], []), CancellationToken.None);
        Library = Assert.IsType<LibraryAnswer.Stored>(answer).Library;
        await ScanAsync();
        await DeriveAsync();
    }

    private async Task ScanAsync()
    {
        var libraries = Services.GetRequiredService<ILibraryStore>();
        var lease = await LeaseAsync(Handler.Scan);
        // A scan records nanoseconds, of which .NET knows hundreds.
        var written = File.GetLastWriteTimeUtc(Path.Combine(Root, Name));
        File.SetLastWriteTimeUtc(Path.Combine(Root, Name), written);
        var stamp = (written - DateTime.UnixEpoch).Ticks * 100;
        var found = new FoundImage(RawName.FromText(Name), 0, Name, [1], new(OriginalBytes.Length, stamp, 1));
        var answer = await libraries.ApplyAsync(lease, new(lease.Collection, [found], [], true), CancellationToken.None);
        Image = Assert.Single(answer.Images);
        var seen = new ScanSeen(answer.Images.ToHashSet(), new HashSet<CollectionId>());
        await libraries.ApplyAsync(lease, new(lease.Collection, [], [], true, Last: true, seen, new(1, 1, 1)), CancellationToken.None);
        await CommitAsync(lease, new(lease.Items[0].Item, Outcome.Done, VersionRead: new(1, 1, 1)));
    }

    private async Task DeriveAsync()
    {
        var lease = await LeaseAsync(Handler.Derive);
        var item = Assert.Single(lease.Items);
        var folders = Services.GetRequiredService<ICacheFolderStore>();
        var folder = (await folders.ListAsync(CancellationToken.None))[0];
        Assert.True(await folders.ReserveAsync(lease.Token, folder.Id, 1 << 20, CancellationToken.None));

        var content = SHA256.HashData(OriginalBytes);
        var key = Preset.Thumbnail.KeyFor(content);
        var name = $"{key.Hex[..2]}/{key.Hex[2..4]}/{key}-{lease.Token}-1.webp";
        using (var staged = await Services.GetRequiredService<IDerivativeStore>().StageAsync(folder.Path, lease.Token, name, ThumbnailBytes, CancellationToken.None))
        {
            staged.Publish();
        }
        ThumbnailFile = Path.Combine(folder.Path, name);
        var made = new MadeDerivative(Preset.Thumbnail, key, new(folder.Id, name, ThumbnailBytes.Length, Hash), 320, 200, "image/webp", false);
        await CommitAsync(lease, new(item.Item, Outcome.Done, VersionRead: item.Version, Facts: new(content, 640, 400, "jpeg", 1, 1, [1, 2, 3], "aabbcc", false), Derivatives: [made]));
    }

    /// <summary>A batch with the one image dies, and stands on the list of those.</summary>
    public async Task<BatchId> DieAsync()
    {
        var batches = Services.GetRequiredService<IBatchStore>();
        var job = (await Services.GetRequiredService<IJobStore>().AddAsync(new(Handler.Derive, new(Library.Id, ["full"])), CancellationToken.None))!;
        var planner = (await Services.GetRequiredService<ILockStore>().AcquireAsync($"planner/{job.Id}", "test", TimeSpan.FromMinutes(1), CancellationToken.None))!;
        var page = await Services.GetRequiredService<ICatalog>().ToDeriveAsync(job.Scope, null, 10, CancellationToken.None);
        await batches.AddAsync(new BatchAddition.Plan(job.Id, planner, BatchPlan.Cut(page.Items, BatchClass.Normal), null, Planned: true), CancellationToken.None);
        var lease = await LeaseAsync(Handler.Derive);
        await batches.ReleaseAsync(new BatchRelease.Died(lease.Token, 0, new(1, 1, 1)), CancellationToken.None);
        return lease.Batch;
    }

    private async Task<Lease> LeaseAsync(Handler handler)
    {
        var lease = await Services.GetRequiredService<IBatchStore>().LeaseAsync(new("test"), CancellationToken.None);
        Assert.Equal(handler, lease?.Handler);
        return lease!;
    }

    private async Task CommitAsync(Lease lease, ItemResult result) =>
        Assert.Equal(CommitState.Accepted, (await Services.GetRequiredService<ILedger>().CommitAsync(lease, [result], CancellationToken.None)).State);
}
