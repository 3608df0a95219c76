using Vitrine.Core;
using Vitrine.Core.Users;
using Vitrine.Server.Derivatives;

namespace Vitrine.Server.Security;

/// <summary>
/// Looks whose rights were taken back, on whichever server, and forgets what this one remembers of them. While it cannot look, nothing remembered counts
/// (<see cref="AccessMemory.Confirm"/>): so what is taken back ends everywhere within <see cref="AccessMemory.Bound"/>, whatever stalls.
/// </summary>
internal sealed class WithdrawalWatch(IWithdrawalStore store, AccessMemory access, HotPictures pictures, TimeProvider time, ILogger<WithdrawalWatch> logger)
    : PeriodicService(Period, new Pulse(), time, logger)
{
    /// <summary>Half of the bound: one slow look leaves what is remembered in use.</summary>
    private static readonly TimeSpan Period = AccessMemory.Bound / 2;

    private long _seen;

    protected override async Task<bool> StepAsync(CancellationToken cancellation)
    {
        var asked = Time.GetTimestamp();
        var taken = await store.SinceAsync(_seen, cancellation);
        foreach (var user in taken.Users) access.Forget(user);
        if (taken.OfEverybody)
        {
            access.Forget();
            pictures.Forget();
        }
        _seen = taken.Version;
        access.Confirm(asked);
        return false;
    }
}
