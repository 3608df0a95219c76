using System.Security.Cryptography;
using Vitrine.Core;
using Vitrine.Core.Jobs;
using Vitrine.Core.Users;
using Vitrine.Server.Hosting;

namespace Vitrine.Server.Security;

/// <summary>
/// The first start: until an Admin exists, a secret of this start (in a link, and in <c>DATA/setup-token</c>) makes one, once.
/// </summary>
internal sealed class SetUp(IUserStore users, ILockStore locks, DataFolder data, ServerOptions options, TimeProvider time) : IDisposable
{
    private const string FileName = "setup-token";
    private static readonly TimeSpan LockTime = TimeSpan.FromSeconds(30);

    private readonly SemaphoreSlim _oneAtATime = new(1, 1);
    private readonly DateTimeOffset _until = time.GetUtcNow() + TimeSpan.FromMinutes(options.SetUpTokenMinutes);
    private string? _token;
    private volatile bool _done;

    private string TokenFile => Path.Combine(data.Path, FileName);

    public void Dispose() => _oneAtATime.Dispose();

    /// <summary>True until an Admin exists. Once there is one, the store is not asked again.</summary>
    public async ValueTask<bool> IsNeededAsync(CancellationToken cancellation)
    {
        if (_done) return false;
        _done = await users.HasAdminAsync(cancellation);
        if (_done) Forget();
        return !_done;
    }

    /// <summary>Makes this start's token and writes it for the owner alone; null where an Admin exists.</summary>
    public async Task<string?> BeginAsync(CancellationToken cancellation)
    {
        // A token of an earlier start is void, whoever still reads its file.
        File.Delete(TokenFile);
        if (!await IsNeededAsync(cancellation)) return null;
        _token = SecretToken.New(SecretToken.SetUpBytes);
        var onlyOwner = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        };
        await using var file = new StreamWriter(TokenFile, onlyOwner);
        await file.WriteLineAsync(_token);
        return _token;
    }

    /// <summary>Runs <paramref name="makeAdmin"/> where the token is this start's and in time; its success uses the token up.</summary>
    public async Task<T?> UseAsync<T>(string token, Func<Task<T?>> makeAdmin, CancellationToken cancellation) where T : class
    {
        await _oneAtATime.WaitAsync(cancellation);
        try
        {
            return IsCurrent(token) ? await UseAloneAsync(makeAdmin, cancellation) : null;
        }
        finally
        {
            _oneAtATime.Release();
        }
    }

    /// <summary>Servers that start together have a link each: of all, one makes an Admin.</summary>
    private async Task<T?> UseAloneAsync<T>(Func<Task<T?>> makeAdmin, CancellationToken cancellation) where T : class
    {
        if (await locks.AcquireAsync("set-up", $"set-up/{Guid.CreateVersion7():N}", LockTime, cancellation) is not { } grant) return null;
        try
        {
            if (!await IsNeededAsync(cancellation) || await makeAdmin() is not { } made) return null;
            _done = true;
            Forget();
            return made;
        }
        finally
        {
            await locks.ReleaseAsync(grant, CancellationToken.None);
        }
    }

    private bool IsCurrent(string token) =>
        _token is { } current && time.GetUtcNow() < _until
        && CryptographicOperations.FixedTimeEquals(SecretToken.Hash(token), SecretToken.Hash(current));

    private void Forget()
    {
        _token = null;
        File.Delete(TokenFile);
    }
}
