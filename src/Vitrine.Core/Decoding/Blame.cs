using Vitrine.Core.Jobs;
using Vitrine.Core.Libraries;

namespace Vitrine.Core.Decoding;

/// <summary>
/// Which items of a lease are still open, how the next ones are asked for, and who is to blame for a death. Pure: it starts nothing.
/// In a sequential container one item alone costs a whole pass. There only the suspect goes alone, all others go together, also those for the large decoder,
/// and after <see cref="MaxDeaths"/> deaths what is open fails with its container: so many passes and no more.
/// </summary>
internal sealed class Blame(Lease lease)
{
    /// <summary>As many as name eight culprits, at which a batch is given up everywhere.</summary>
    public const int MaxDeaths = 16;

    private readonly bool _sequential = lease.Kind.IsSequential();
    private readonly HashSet<WorkItem> _large = [];
    private readonly HashSet<WorkItem> _system = [];
    private bool _oneByOne = lease.OneByOne;
    private WorkItem? _suspect;
    private int _deathsWithoutItem;
    private int _deaths;

    public List<WorkItem> Open { get; } = [.. lease.Items];

    /// <summary>
    /// The suspect alone; what needs the large decoder alone; one when in doubt; else all that an ordinary decoder of one flavour can take, the bundled one
    /// first: it tells what the system's has to read.
    /// </summary>
    public Derivation.NextItems Next()
    {
        if (_suspect is { } suspect) return Together([suspect], alone: true);
        var first = Open.MinBy(item => (_large.Contains(item), FlavourOf(item)))!;
        if (_sequential) return Together([.. Open.Where(item => IsLike(item, first))], alone: false);
        return _oneByOne || _large.Contains(first) ? Together([first], alone: true) : Together([.. Open.Where(item => IsLike(item, first))], alone: false);
    }

    private Derivation.NextItems Together(IReadOnlyList<WorkItem> items, bool alone) =>
        new(items, alone, _large.Contains(items[0]), FlavourOf(items[0]), Ahead: _sequential && !lease.OneByOne && _deaths == 0);

    private bool IsLike(WorkItem item, WorkItem other) => _large.Contains(item) == _large.Contains(other) && FlavourOf(item) == FlavourOf(other);

    private DecoderFlavour FlavourOf(WorkItem item) => _system.Contains(item) ? DecoderFlavour.System : DecoderFlavour.Bundled;

    public void Settled(IReadOnlyList<DerivedItem> group)
    {
        foreach (var ended in group) Close(ended.Item);
        _deathsWithoutItem = 0;
    }

    /// <summary>The items that end because of how this request ended; empty where the rest simply goes on.</summary>
    public IReadOnlyList<DerivedItem> Ended(Derivation.Run run)
    {
        _large.UnionWith(run.Large);
        _system.UnionWith(run.ForSystem);
        if (run.Unavailable is { } why) return Fail(run, [.. run.Next.Items.Where(Open.Contains)], Reason.Unsupported, why);
        if (run.Death is { } death) return _sequential && ++_deaths == MaxDeaths ? FailAll(run, Reason.ArchiveCrashed, death.Message) : Died(run, death);
        if (run.IsSpent && !_sequential) return [];
        if (run.Refusal is { } refusal) return Fail(run, [.. Open.Where(item => !run.IsForAnother(item))], refusal, null);
        var unanswered = run.Next.Items.Where(item => Open.Contains(item) && !run.IsForAnother(item)).ToList();
        return unanswered.Count == 0 ? [] : Fail(run, unanswered, Reason.Crashed, "the decoder left the item out of its answer");
    }

    private IReadOnlyList<DerivedItem> Died(Derivation.Run run, DecoderDiedException death)
    {
        if (run.InHand is not { } item)
        {
            // It died between items, or while it opened the container.
            _oneByOne = true;
            return ++_deathsWithoutItem < 2 ? [] : FailAll(run, Reason.ArchiveCrashed, death.Message);
        }
        // A decoder may be killed from outside, also with one item alone: sure is the second death with the same item in hand.
        var sure = item == _suspect || !IsDoubtful(death);
        if (!sure)
        {
            _suspect = item;
            _oneByOne = true;
            return [];
        }
        // One died twice, the second time alone: the culprit is found, and the rest may go together again.
        _oneByOne = lease.OneByOne;
        return Fail(run, [item], death.Reason, death.Message, IsDoubtful(death) ? 2 : 1);
    }

    /// <summary>Who stands still may have been stopped from outside, as who died may have been killed.</summary>
    private static bool IsDoubtful(DecoderDiedException death) => death.Reason is Reason.Crashed or Reason.DecoderHung;

    private IReadOnlyList<DerivedItem> FailAll(Derivation.Run run, string reason, string? message) => Fail(run, [.. Open], reason, message);

    private IReadOnlyList<DerivedItem> Fail(Derivation.Run run, IReadOnlyList<WorkItem> items, string reason, string? message, int tries = 1)
    {
        foreach (var item in items) Close(item);
        return [.. items.Select(item => new DerivedItem(item, OutcomeOf(reason), reason, message, null, null, [], run.Decoder, tries))];
    }

    private static Outcome OutcomeOf(string reason) => reason is Reason.SourceChanged or Reason.SourceLink or Reason.Unsupported ? Outcome.Skipped : Outcome.Failed;

    private void Close(WorkItem item)
    {
        Open.Remove(item);
        if (_suspect == item) _suspect = null;
    }
}
