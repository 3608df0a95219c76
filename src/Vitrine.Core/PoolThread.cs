using System.Runtime.CompilerServices;

namespace Vitrine.Core;

/// <summary>
/// The way to a thread of the pool. What bytes of a socket or of a pipe bring about may go on on the thread that waits for all of them (decision 18): whoever does more than
/// answer from memory leaves it.
/// </summary>
public static class PoolThread
{
    /// <summary>What comes behind it runs on a thread of the pool.</summary>
    public static ConfiguredTaskAwaitable GoOn() =>
        Task.CompletedTask.ConfigureAwait(Thread.CurrentThread.IsThreadPoolThread ? ConfigureAwaitOptions.None : ConfigureAwaitOptions.ForceYielding);

    /// <summary>The same, whose end is seen on a thread of the pool, a failure as well.</summary>
    public static async ValueTask<T> EndOn<T>(ValueTask<T> pending)
    {
        try
        {
            return await pending;
        }
        finally
        {
            await GoOn();
        }
    }
}
