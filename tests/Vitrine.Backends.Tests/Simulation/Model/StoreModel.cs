using Vitrine.Core.Libraries;

namespace Vitrine.Backends.Tests.Simulation.Model;

/// <summary>A store in memory that keeps the contracts of the engine in as few words as they can be kept. One thread; no step of it fails half way.</summary>
internal sealed class StoreModel(TimeProvider time, Plant plant)
{
    private long _sequence;
    private long _ids;

    public Rows Rows { get; } = new();

    /// <summary>Raised with each change: what is refused raises nothing.</summary>
    public long Changes { get; private set; }

    /// <summary>In whole milliseconds, as stores keep it.</summary>
    public DateTimeOffset Now => DateTimeOffset.FromUnixTimeMilliseconds(time.GetUtcNow().ToUnixTimeMilliseconds());

    public bool Has(Plant fault) => plant == fault;

    /// <summary>Tokens and versions: one sequence for the whole store.</summary>
    public long Next() => ++_sequence;

    public long NewId() => ++_ids;

    public void Changed() => Changes++;

    /// <summary>Does nothing where it is noted already.</summary>
    public void NoteForRevisit(SimCollection container)
    {
        if (container.Revisit) return;
        var tries = container.RevisitAt > Now - RevisitPause.Longest ? container.RevisitTries : 0;
        (container.Revisit, container.RevisitAt, container.RevisitTries) = (true, Now + RevisitPause.After(tries), tries + 1);
    }

    public T Change<T>(T answer)
    {
        Changes++;
        return answer;
    }
}
