using Vitrine.Core.Decoding;
using Vitrine.Core.Jobs;
using Vitrine.Server.Cli;

namespace Vitrine.Server.Hosting;

/// <summary>Whether decoders start here, and what of their sandbox holds.</summary>
internal static partial class DecoderCheck
{
    /// <summary>Jobs without a decoder would be tried for ever. The one that is started here stays in the pool for the first batch.</summary>
    public static async Task RunAsync(IServiceProvider services, CancellationToken cancellation)
    {
        try
        {
            var lane = services.GetRequiredService<EngineOptions>().WorkerCount > 0 ? DecoderLane.Work : DecoderLane.Viewing;
            await using var rental = await services.GetRequiredService<DecoderPool>().RentAsync(lane, null, cancellation);
            var missing = Confinement.Of(rental.Decoder.Hello).Parts.Where(part => !part.Holds).Select(part => part.Name).ToList();
            if (missing.Count > 0) LogMissing(services.GetRequiredService<ILogger<DecoderPool>>(), string.Join(", ", missing));
        }
        catch (DecoderUnavailableException none)
        {
            throw Refusal.CouldNotRun(none.Message);
        }
    }

    [LoggerMessage(190, LogLevel.Warning, "The sandbox of decoders does not hold whole here. Missing: {Parts}. 'vitrine doctor' says what it needs.")]
    private static partial void LogMissing(ILogger logger, string parts);
}
