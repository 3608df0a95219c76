using Vitrine.Core.Jobs;

namespace Vitrine.Core.Decoding;

/// <summary>What a process takes.</summary>
/// <param name="ProcessorSeconds">User and system time.</param>
/// <param name="Bytes">In memory now, what it shares with others included.</param>
internal readonly record struct ProcessUse(double ProcessorSeconds, long Bytes);

/// <summary>When an answer takes too long, or its decoder too much memory. Pure: times and uses come in.</summary>
/// <param name="MostBytes">
/// The limit inside counts what a process asks for as data, and code that took it over can hide memory from that; what is really in memory only we can see.
/// </param>
/// <param name="LastSign">Timestamp of the last frame, or of the moment since when the next one is waited for.</param>
/// <param name="ItemSeconds">Processor seconds of the process when the item in hand began (or the request was sent, or more of a sequential container was passed over).</param>
internal sealed record ItemWatch(DecodeLimits Limits, long MostBytes, long LastSign, double ItemSeconds)
{
    /// <summary>Programs and libraries, which are no data and stand in memory once for all decoders.</summary>
    public const long SharedBytes = 256L << 20;

    public ItemWatch Saw(DecoderMessage message, long now, double processorSeconds) =>
        IsBegin(message) ? this with { LastSign = now, ItemSeconds = processorSeconds } : this with { LastSign = now };

    public static bool IsBegin(DecoderMessage message) => message is BeginItem or Passed or OriginalBegins;

    /// <summary>The reason to end the decoder, or null.</summary>
    /// <param name="silence">Since the last sign.</param>
    /// <param name="still">How long it has taken no processor time.</param>
    /// <param name="asleep">Asked where that is long: whether all of it sleeps, and none of it for a file. Only then it is not the source that is slow.</param>
    public string? Verdict(ProcessUse use, TimeSpan silence, TimeSpan still, Func<bool> asleep)
    {
        if (use.Bytes > MostBytes) return Reason.OutOfMemory;
        if (use.ProcessorSeconds - ItemSeconds > Limits.ItemCpuSeconds) return Reason.Timeout;
        var isSilent = silence > TimeSpan.FromSeconds(Limits.SilenceSeconds);
        if ((isSilent || still >= TimeSpan.FromSeconds(Limits.HungSeconds)) && asleep()) return Reason.DecoderHung;
        return isSilent ? Reason.SourceSlow : null;
    }
}

/// <summary>For how long a decoder has taken no processor time since its last sign. Counted by looks: what this process sleeps itself counts for one at most. Pure.</summary>
internal sealed record Stillness(TimeSpan For, long LastSign, double ProcessorSeconds)
{
    public static readonly TimeSpan LookPeriod = TimeSpan.FromMilliseconds(500);

    /// <summary>Processor seconds that a runtime takes for itself while nothing goes on.</summary>
    private const double Trace = 0.05;

    public Stillness Next(long lastSign, double processorSeconds) =>
        lastSign != LastSign || processorSeconds - ProcessorSeconds > Trace ? new(TimeSpan.Zero, lastSign, processorSeconds) : this with { For = For + LookPeriod };
}
