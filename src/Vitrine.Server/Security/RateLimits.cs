using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Threading.RateLimiting;
using Vitrine.Core;
using Vitrine.Core.Users;
using Vitrine.Server.Hosting;

namespace Vitrine.Server.Security;

/// <summary>
/// How often somebody may do what costs much: named policies on the routes, and requests at a time for all together. The owner's socket has none of these limits: whoever
/// may open it may also stop the server. They stand behind sign-in, so that a limit is a user's and never the address's of a whole house. How often is counted for all
/// servers together; at a time, for each.
/// </summary>
internal static class RateLimits
{
    /// <summary>By address, for routes where nobody is signed in yet; by account see <see cref="AccountLimit"/>.</summary>
    public const string SignIn = "sign-in";

    /// <summary>By user, all such operations together.</summary>
    public const string AdminOperations = nameof(AdminOperations);

    public static IServiceCollection AddRateLimits(this IServiceCollection services, ServerOptions options) => services
        .AddSingleton<AccountLimit>()
        .AddRateLimiter(limiter =>
        {
            limiter.OnRejected = (context, _) => RefuseAsync(context.HttpContext, context.Lease);
            limiter.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, bool>(context => OwnerSocket.IsOver(context)
                ? RateLimitPartition.GetNoLimiter(true)
                : RateLimitPartition.GetConcurrencyLimiter(false, _ => new() { PermitLimit = options.MaxConcurrentRequests }));
            limiter.AddPolicy(SignIn, context => Of(context, SignIn, AddressOf(context.Connection.RemoteIpAddress), options.SignInsPerMinute));
            limiter.AddPolicy(AdminOperations, context => Of(context, AdminOperations, context.User.Access.User.ToString(), options.AdminOperationsPerMinute));
        });

    /// <summary>429, with the seconds to wait.</summary>
    /// <param name="account">The one that is tried too often; null where there is none of that name, which may be a password.</param>
    public static async ValueTask RefuseAsync(HttpContext context, RateLimitLease lease, string? account = null)
    {
        var wait = lease.TryGetMetadata(MetadataName.RetryAfter, out var known) ? Math.Max(1, (int)Math.Ceiling(known.TotalSeconds)) : 1;
        context.Response.Headers.RetryAfter = wait.ToString(CultureInfo.InvariantCulture);
        context.RequestServices.GetRequiredService<Telemetry>().RequestsLimited.Add();
        await context.RequestServices.GetRequiredService<SecurityEvents>().LimitedAsync(context, account);
        await Problems.WriteAsync(context, Problems.RateLimited.With($"Try again in {wait} s."));
    }

    /// <summary>One address; of IPv6 the network that one customer gets, who has all addresses in it.</summary>
    public static string AddressOf(IPAddress? address)
    {
        if (address is null) return "";
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        return address.AddressFamily == AddressFamily.InterNetworkV6 ? $"{Convert.ToHexString(address.GetAddressBytes().AsSpan(0, 8))}/64" : address.ToString();
    }

    /// <param name="limit">The limit's name.</param>
    /// <param name="key">Whom it is counted for.</param>
    public static RateLimitPartition<string> Of(HttpContext context, string limit, string key, int perMinute)
    {
        if (OwnerSocket.IsOver(context)) return RateLimitPartition.GetNoLimiter("owner");
        var services = context.RequestServices;
        return RateLimitPartition.Get(
            key, _ => (RateLimiter)new SharedLimiter(services.GetRequiredService<IRateStore>(), $"{limit}/{key}", perMinute, services.GetRequiredService<TimeProvider>()));
    }
}
