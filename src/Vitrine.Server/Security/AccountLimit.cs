using System.Threading.RateLimiting;
using Vitrine.Core.Users;
using Vitrine.Server.Hosting;
using Vitrine.Server.Users;

namespace Vitrine.Server.Security;

/// <summary>
/// How often one account may be signed in to, from whatever addresses, whether there is such an account or not. It stands before the password is hashed, so that
/// many addresses together cost the processor no more than one.
/// </summary>
internal sealed class AccountLimit(ServerOptions options, IRateStore store, IUserStore users, TimeProvider time) : IAsyncDisposable
{
    private readonly PartitionedRateLimiter<string> _limiter = PartitionedRateLimiter.Create<string, string>(
        account => RateLimitPartition.Get(account, key => (RateLimiter)new SharedLimiter(store, key, options.SignInsPerMinuteAndAccount, time)));

    /// <summary>The filter of the route that signs in. (A filter by its type would be a new one for each request, and count to one.)</summary>
    public static ValueTask<object?> FilterAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next) =>
        context.HttpContext.RequestServices.GetRequiredService<AccountLimit>().CheckAsync(context, next);

    private async ValueTask<object?> CheckAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        if (OwnerSocket.IsOver(context.HttpContext) || context.Arguments.OfType<SignInRequest>().FirstOrDefault() is not { } request) return await next(context);
        using var lease = await _limiter.AcquireAsync(Key(request.Name), cancellationToken: context.HttpContext.RequestAborted);
        if (lease.IsAcquired) return await next(context);
        var known = request.Name.Length <= SignIn.MaxNameLength ? await users.FindAsync(request.Name, context.HttpContext.RequestAborted) : null;
        await RateLimits.RefuseAsync(context.HttpContext, lease, known?.User.Name);
        return Results.Empty;
    }

    public ValueTask DisposeAsync() => _limiter.DisposeAsync();

    /// <summary>
    /// Names are known in any case. What is longer than a name can be is nobody's. Only a hash is stored: people type passwords where the name belongs.
    /// </summary>
    private static string Key(string name) =>
        $"account/{Convert.ToHexString(SecretToken.Hash(name.Length <= SignIn.MaxNameLength ? name.ToUpperInvariant() : ""))}";
}
