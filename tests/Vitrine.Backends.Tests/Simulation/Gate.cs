namespace Vitrine.Backends.Tests.Simulation;

/// <summary>How likely what goes wrong at one call is. Drawn anew for each history, so that some are calm and some are wild.</summary>
internal sealed class Faults(Chance chance)
{
    public bool On { get; set; } = true;

    public double Kill { get; } = chance.Of([0, 0.0005, 0.002, 0.006]);
    public double Error { get; } = chance.Of([0, 0.003, 0.02]);
    public double Freeze { get; } = chance.Of([0, 0.0005, 0.003]);
    public double Slow { get; } = chance.Of([0, 0.01, 0.1]);
    public double Twice { get; } = chance.Of([0, 0.05]);
    public double Message { get; } = chance.Of([0, 0.05, 0.4]);
    public double Hang { get; } = chance.Of([0, 0, 0.002]);
    public double Decoder { get; } = chance.Of([0, 0.002, 0.02]);
}

/// <summary>A call of a store or a queue that failed, and changed nothing.</summary>
internal sealed class InjectedFaultException(string what) : Exception($"{what}: as the seed has it");

/// <summary>
/// What every call of a process to a store or a queue passes, before and after: here it may be killed, frozen, delayed, or told of an error; and here it
/// yields, so that the others come between any two of its steps.
/// </summary>
internal sealed class Gate(Process process, Surroundings around)
{
    private readonly Faults _faults = around.Faults;
    private readonly Chance _chance = around.Chance;
    private readonly Trace _trace = around.Trace;

    public Process Process => process;

    public Witness Witness => around.Witness;

    public async Task<T> PassAsync<T>(string what, object? about, Func<Task<T>> call, CancellationToken cancellation)
    {
        await BeforeAsync(what, cancellation);
        var before = around.Witness.Bench.Changes;
        var answer = await call();
        if (about is not null || answer is Core.Jobs.Delivery || around.Witness.Bench.Changes != before) _trace.Note(process.Name, what, about, answer);
        await AfterAsync(what);
        return answer;
    }

    private async Task BeforeAsync(string what, CancellationToken cancellation)
    {
        if (process.IsDead) await Never();
        if (!_faults.On)
        {
            if (_chance.Is(0.2)) await Task.Yield();
            return;
        }
        if (_chance.Is(_faults.Kill)) await DieAsync(what, "before");
        if (_chance.Is(_faults.Freeze)) Freeze();
        if (_chance.Is(_faults.Slow)) await Task.Delay(_chance.Time(0.001, 2), process.Time, cancellation);
        else if (_chance.Is(0.5)) await Task.Yield();
        if (_chance.Is(_faults.Error))
        {
            _trace.Note(process.Name, $"{what} fails");
            throw new InjectedFaultException(what);
        }
    }

    private async Task AfterAsync(string what)
    {
        if (!_faults.On) return;
        if (_chance.Is(_faults.Kill)) await DieAsync(what, "after");
        if (_chance.Is(_faults.Freeze)) Freeze();
        if (_chance.Is(0.5) || process.IsFrozen) await Task.Yield();
    }

    private void Freeze()
    {
        var duration = _chance.Is(0.5) ? _chance.Time(0.2, 3) : _chance.Time(3, 12);
        _trace.Note(process.Name, "freezes", duration);
        process.Freeze(duration, around.Outside);
    }

    private Task DieAsync(string what, string when)
    {
        _trace.Note(process.Name, "is killed", $"{when} {what}");
        process.Kill();
        return Never();
    }

    private static Task Never() => new TaskCompletionSource().Task;
}
