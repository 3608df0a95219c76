namespace Vitrine.Backends.RabbitMq;

/// <summary>How long to wait before the next attempt to connect.</summary>
internal static class ReconnectPause
{
    private const double FirstSeconds = 0.25;

    /// <param name="failures">Attempts that failed one after the other, 1 or more.</param>
    public static TimeSpan After(int failures, int mostSeconds) => TimeSpan.FromSeconds(Math.Min(FirstSeconds * Math.Pow(2, Math.Min(failures, 30) - 1), mostSeconds));
}
