using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Vitrine.Backends;
using Vitrine.Core;
using Vitrine.Core.Derivatives;
using Vitrine.Core.Libraries;
using Vitrine.Core.Users;
using Vitrine.Server.Derivatives;
using Vitrine.Server.Hosting;
using Vitrine.Server.Security;
using Vitrine.Server.Security.OpenId;

namespace Vitrine.Tests.Server;

/// <summary>What servers remember and hand to a browser, on two of them over one store.</summary>
public sealed class TwoServersTests : IAsyncLifetime
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly string _folder = Directory.CreateTempSubdirectory("vitrine-test-").FullName;
    private Stores _stores = null!;
    private Remembering _here = null!;
    private Remembering _there = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _stores = await Stores.OpenSqliteAsync(_folder, _time, Cancellation);
        (_here, _there) = (new(_stores, _time), new(_stores, _time));
        foreach (var server in new[] { _here, _there }) await server.LookAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _here.Dispose();
        _there.Dispose();
        await _stores.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task What_one_server_takes_back_the_other_forgets_at_its_next_look()
    {
        var user = await AddAsync("ana", Role.Viewer);
        var token = await _here.Sessions.StartAsync(user, "", Cancellation);
        Assert.NotNull(await _there.Sessions.FindAsync(token, Cancellation));
        var known = _there.Sessions.Remembered(token);
        Assert.True(known is not null && _there.Sessions.StillHolds(known));

        await _here.Sessions.EndAsync(token, Cancellation);
        await _there.LookAsync();
        Assert.Null(_there.Sessions.Remembered(token));
        Assert.False(_there.Sessions.StillHolds(known));
        Assert.Null(await _there.Sessions.FindAsync(token, Cancellation));
    }

    [Fact]
    public async Task A_server_that_cannot_look_asks_the_store_each_time_after_two_seconds()
    {
        var user = await AddAsync("ana", Role.Viewer);
        var token = await _here.Sessions.StartAsync(user, "", Cancellation);
        Assert.NotNull(await _there.Sessions.FindAsync(token, Cancellation));
        await _here.Sessions.EndAsync(token, Cancellation);

        _time.Advance(AccessMemory.Bound - TimeSpan.FromMilliseconds(1));
        Assert.NotNull(_there.Sessions.Remembered(token));
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Null(_there.Sessions.Remembered(token));
        Assert.Null(await _there.Sessions.FindAsync(token, Cancellation));
    }

    [Fact]
    public async Task A_key_and_a_grant_end_on_the_other_server_too()
    {
        var library = await AddLibraryAsync();
        var user = (await _stores.Users.AddAsync(new("ana", "hash", Role.Viewer, MayDownload: false, [library.Id]), Cancellation))!;
        var (key, token) = (await _here.Keys.AddAsync(user.Id, "key", Scopes.View, _time.GetUtcNow().AddDays(1), Cancellation))!.Value;
        Assert.True((await _there.Keys.FindAsync(token, Cancellation))!.Grants.Allows(library.Id));

        await _stores.Users.ChangeAsync(user.Id, new(Revoke: [library.Id]), Cancellation);
        await _there.LookAsync();
        Assert.False((await _there.Keys.FindAsync(token, Cancellation))!.Grants.Allows(library.Id));
        Assert.True(await _here.Keys.RevokeAsync(user.Id, key.Id, Cancellation));
        await _there.LookAsync();
        Assert.Null(await _there.Keys.FindAsync(token, Cancellation));
    }

    [Fact]
    public async Task A_library_that_goes_leaves_no_picture_in_the_other_server_s_memory()
    {
        var library = await AddLibraryAsync();
        var derivative = new Derivative("thumbnail", new(1), new(1), _folder, "name", 1, "hash", "image/webp", 1, 1, Partial: false, Recipe: 0);
        _there.Pictures.Keep(new ImageId(1), new HotPicture(new(library.Id, new(1), "thumbnail"), derivative));
        Assert.NotNull(_there.Pictures.Find(Grants.All, new(1), "thumbnail", "hash"));
        await _stores.Libraries.RemoveAsync(library.Id, Cancellation);
        await _there.LookAsync();
        Assert.Null(_there.Pictures.Find(Grants.All, new(1), "thumbnail", "hash"));
    }

    [Fact]
    public async Task Of_two_servers_with_a_link_each_one_makes_the_first_Admin()
    {
        using var here = SetUpIn("here");
        using var there = SetUpIn("there");
        var (one, other) = ((await here.BeginAsync(Cancellation))!, (await there.BeginAsync(Cancellation))!);
        var made = await Task.WhenAll(here.UseAsync(one, () => AdminAsync("ana"), Cancellation), there.UseAsync(other, () => AdminAsync("ben"), Cancellation));
        Assert.Single(made, user => user is not null);
        Assert.Null(await there.UseAsync(other, () => AdminAsync("eve"), Cancellation));
        Assert.False(await here.IsNeededAsync(Cancellation) || await there.IsNeededAsync(Cancellation));

        Task<User?> AdminAsync(string name) => _stores.Users.AddAsync(new(name, "hash", Role.Admin, MayDownload: true, []), Cancellation);
    }

    [Fact]
    public async Task What_one_server_seals_another_opens_for_its_purpose_unchanged_and_in_time()
    {
        var (here, there) = (await SealAsync(), await SealAsync());
        byte[] said = [1, 2, 3];
        var sealedBytes = here.CreateProtector("state").CreateProtector("v1").Protect(said);
        Assert.Equal(said, there.CreateProtector("state").CreateProtector("v1").Unprotect(sealedBytes));
        Assert.NotEqual(sealedBytes, here.CreateProtector("state").CreateProtector("v1").Protect(said));

        Assert.ThrowsAny<CryptographicException>(() => there.CreateProtector("nonce").CreateProtector("v1").Unprotect(sealedBytes));
        for (var at = 0; at < sealedBytes.Length; at++)
        {
            var other = sealedBytes.ToArray();
            other[at] ^= 1;
            Assert.ThrowsAny<CryptographicException>(() => there.CreateProtector("state").CreateProtector("v1").Unprotect(other));
        }
        Assert.ThrowsAny<CryptographicException>(() => there.CreateProtector("state").Unprotect(sealedBytes[..20]));
        _time.Advance(SharedSeal.Life + TimeSpan.FromSeconds(1));
        Assert.ThrowsAny<CryptographicException>(() => there.CreateProtector("state").CreateProtector("v1").Unprotect(sealedBytes));
    }

    private async Task<User> AddAsync(string name, Role role) => (await _stores.Users.AddAsync(new(name, "hash", role, MayDownload: true, []), Cancellation))!;

    private async Task<Library> AddLibraryAsync() => (await _stores.Libraries.AddAsync(new("Pictures", _folder, LibrarySettings.Default, new("disk", "ext4")), Cancellation))!;

    private SetUp SetUpIn(string server) =>
        new(_stores.Users, _stores.Locks, new DataFolder(Directory.CreateDirectory(Path.Combine(_folder, server)).FullName), new(), _time);

    private async Task<SharedSeal> SealAsync()
    {
        var made = new SharedSeal(_stores.Settings, _time);
        await made.StartAsync(Cancellation);
        return made;
    }

    /// <summary>The parts of one server that remember.</summary>
    private sealed class Remembering : IDisposable
    {
        private readonly WithdrawalWatch _watch;

        public Remembering(Stores stores, TimeProvider time)
        {
            var (options, memory) = (new ServerOptions(), new AccessMemory(new(), time));
            Pictures = new(options, time);
            Sessions = new(stores.Sessions, memory, options);
            Keys = new(stores.ApiKeys, memory);
            _watch = new(stores.Withdrawals, memory, Pictures, time, NullLogger<WithdrawalWatch>.Instance);
        }

        public HotPictures Pictures { get; }

        public Sessions Sessions { get; }

        public ApiKeys Keys { get; }

        public async Task LookAsync() => await _watch.RunOnceAsync(Cancellation);

        public void Dispose()
        {
            _watch.Dispose();
            Pictures.Dispose();
        }
    }
}
