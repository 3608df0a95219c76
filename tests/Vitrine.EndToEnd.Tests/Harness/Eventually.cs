using System.Diagnostics;

namespace Vitrine.EndToEnd.Harness;

/// <summary>Waits for what is seen from outside only by looking. A wait may take ten times its bound before it fails.</summary>
internal static class Eventually
{
    public const int Patience = 10;
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(20);

    /// <summary>Looks until the answer is not null, and says how long that took.</summary>
    public static async Task<(T Found, TimeSpan After)> FindAsync<T>(string what, TimeSpan bound, Func<Task<T?>> look) where T : class
    {
        var watch = Stopwatch.StartNew();
        while (true)
        {
            if (await look() is { } found) return (found, watch.Elapsed);
            if (watch.Elapsed > bound * Patience) throw new TimeoutException($"Not seen within {bound * Patience}: {what}.");
            await Task.Delay(Period, TimeProvider.System, TestContext.Current.CancellationToken);
        }
    }

    public static async Task<TimeSpan> TrueAsync(string what, TimeSpan bound, Func<Task<bool>> look) =>
        (await FindAsync(what, bound, async () => await look() ? what : null)).After;

    public static Task<TimeSpan> TrueAsync(string what, TimeSpan bound, Func<bool> look) => TrueAsync(what, bound, () => Task.FromResult(look()));
}
