using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Vitrine.Core.Settings;

namespace Vitrine.Core.Jobs;

/// <summary>
/// Keeps what was set while the engine runs: written to the store, and read from it by every node within two seconds and at its start.
/// </summary>
public sealed partial class EngineTuning(ISettingStore settings, ILockStore locks, LiveOptions live, TimeProvider time, ILogger<EngineTuning> logger)
    : PeriodicService(TimeSpan.FromSeconds(2), new Pulse(), time, logger)
{
    private const string Key = "engine";
    private static readonly TimeSpan LockTime = TimeSpan.FromSeconds(10);

    /// <summary>The stored text that was taken last.</summary>
    private string? _taken;

    /// <summary>Before anything works: the first batch runs under what was set before the start.</summary>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await TakeAsync(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    /// <summary>Sets what is not null in <paramref name="change"/>, after what <paramref name="reset"/> names went back to the file's value.</summary>
    public async Task<TuningAnswer> ChangeAsync(TuningValues change, IReadOnlyList<string> reset, CancellationToken cancellation)
    {
        // Two who change different values at once must not undo each other: of both, the second is told so.
        if (await locks.AcquireAsync($"settings/{Key}", $"change/{Guid.CreateVersion7():N}", LockTime, cancellation) is not { } grant)
            return new TuningAnswer.Busy();
        try
        {
            return await ChangeAloneAsync(change, reset, cancellation);
        }
        finally
        {
            await locks.ReleaseAsync(grant, CancellationToken.None);
        }
    }

    protected override async Task<bool> StepAsync(CancellationToken cancellation)
    {
        await TakeAsync(cancellation);
        return false;
    }

    private async Task<TuningAnswer> ChangeAloneAsync(TuningValues change, IReadOnlyList<string> reset, CancellationToken cancellation)
    {
        var values = Parse(await settings.GetAsync(Key, cancellation)) ?? new();
        foreach (var name in reset)
        {
            if (values.Without(name) is not { } without) return new TuningAnswer.Refused(null, $"There is no setting '{name}' to reset.");
            values = without;
        }
        values = values.With(change);
        if (values.Over(live.Configured).Wrong() is { } wrong) return Refused(wrong);
        await settings.SetAsync(Key, values == new TuningValues() ? null : JsonSerializer.Serialize(values, SettingJson.Default.TuningValues), cancellation);
        await TakeAsync(cancellation);
        return new TuningAnswer.Set();
    }

    private static TuningAnswer.Refused Refused(ValidationResult wrong) => new(wrong.MemberNames.FirstOrDefault(), wrong.ErrorMessage ?? "");

    private async Task TakeAsync(CancellationToken cancellation)
    {
        var text = await settings.GetAsync(Key, cancellation);
        if (text == _taken) return;
        _taken = text;
        if (text is null) live.Set(new());
        else if (Parse(text) is not { } values || !live.Set(values)) LogUnusable(Logger);
        LogTaken(Logger, live.Current.WorkerCount, live.Current.Nice, live.Current.WorkWindows);
    }

    private static TuningValues? Parse(string? text)
    {
        try
        {
            return text is null ? null : JsonSerializer.Deserialize(text, SettingJson.Default.TuningValues);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    [LoggerMessage(210, LogLevel.Warning, "The stored settings of the engine cannot be used on this node; it goes on with those it has.")]
    private static partial void LogUnusable(ILogger logger);

    [LoggerMessage(211, LogLevel.Information, "The engine works with {Workers} workers at nice {Nice}, in the windows '{Windows}'.")]
    private static partial void LogTaken(ILogger logger, int workers, int nice, string windows);
}

public abstract record TuningAnswer
{
    private TuningAnswer() { }

    public sealed record Set : TuningAnswer;

    /// <summary>Somebody else is changing settings at this moment.</summary>
    public sealed record Busy : TuningAnswer;

    /// <param name="Option">The property of <see cref="EngineOptions"/> that is wrong; null where a name is not known.</param>
    public sealed record Refused(string? Option, string Message) : TuningAnswer;
}
