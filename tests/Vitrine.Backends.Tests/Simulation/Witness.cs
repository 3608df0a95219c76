using System.Runtime.CompilerServices;
using Vitrine.Core.CacheFolders;
using Vitrine.Core.Jobs;
using Vitrine.Core.Libraries;

namespace Vitrine.Backends.Tests.Simulation;

/// <summary>Stands between all processes and the store, and sees of each call whether it was allowed to do what it did.</summary>
internal sealed class Witness(Bench bench)
{
    private readonly HashSet<long> _tokens = [];
    private readonly Dictionary<LeaseToken, BatchId> _batches = [];

    /// <summary>The first thing that was wrong. It stops the history after the step: an exception would be caught by the engine's own loops.</summary>
    public string? Violation { get; private set; }

    /// <summary>Jobs whose planner has said that it is at the end.</summary>
    public HashSet<long> Planned { get; } = [];

    /// <summary>Items, images or blobs may have changed.</summary>
    public bool Touched { get; set; }

    public Bench Bench => bench;

    /// <summary>How often what is of interest came about: a simulation that never gets there shows nothing.</summary>
    public Dictionary<string, int> Reached { get; } = [];

    public void Reach(string what, bool reached = true)
    {
        if (reached) Reached[what] = Reached.GetValueOrDefault(what) + 1;
    }

    public void Fail(string what) => Violation ??= what;

    public void Check(bool right, string what)
    {
        if (!right) Fail(what);
    }

    /// <summary>The text is made only where something is wrong: each step checks each row, and nobody reads of what is right.</summary>
    public void Check(bool right, [InterpolatedStringHandlerArgument(nameof(right))] ref Complaint what)
    {
        if (!right) Fail(what.ToText());
    }

    public void Leased(Lease lease)
    {
        _batches[lease.Token] = lease.Batch;
        Given(lease.Token.Value, $"batch {lease.Batch}");
    }

    public bool IsCurrent(LeaseToken token) => SignOf(token) is { State: BatchState.Leased } sign && sign.Token == token.Value;

    public BatchSign? SignOf(LeaseToken token) => bench.Sign(_batches[token].Value);

    /// <summary>No token is ever given twice, be it of a lease or of a lock.</summary>
    public void Given(long token, string to) => Check(_tokens.Add(token), $"Token {token} was given twice, now to {to}.");

    /// <summary>Runs a call with a token: an old one is refused, and changes nothing.</summary>
    public async Task<T> FencedAsync<T>(string what, bool current, Func<Task<T>> call, Func<T, bool> accepted)
    {
        var before = bench.Changes;
        var answer = await call();
        Touched = true;
        if (current) return answer;
        Check(!accepted(answer), $"{what}: accepted with an old token.");
        Check(bench.Changes == before, $"{what}: refused, but something was changed.");
        return answer;
    }
}

internal sealed class WatchedBatches(Witness witness, IBatchStore store) : IBatchStore
{
    public async Task<AddAnswer> AddAsync(BatchAddition addition, CancellationToken cancellation)
    {
        var answer = await store.AddAsync(addition, cancellation);
        witness.Touched = true;
        witness.Reach("planners too late", !answer.Accepted);
        if (addition is BatchAddition.Plan { Planned: true } plan && answer.Accepted) witness.Planned.Add(plan.Job.Value);
        return answer;
    }

    public Task<IReadOnlyList<Offer>> OfferAsync(OfferWindow window, CancellationToken cancellation) => store.OfferAsync(window, cancellation);

    public async Task<Lease?> LeaseAsync(LeaseRequest request, CancellationToken cancellation)
    {
        var before = request.Offer is { } offer ? witness.Bench.Sign(offer.Batch.Value) : null;
        var lease = await store.LeaseAsync(request, cancellation);
        witness.Touched = true;
        if (lease is null) return null;
        witness.Leased(lease);
        var after = witness.Bench.Sign(lease.Batch.Value)!.Value;
        witness.Check(after is { State: BatchState.Leased, JobIsOver: false, Holds: Holds.None }, $"Batch {lease.Batch} was leased, and is {after}.");
        witness.Check(after.Token == lease.Token.Value && after.Node == request.Node, $"Batch {lease.Batch} was leased to another.");
        witness.Check(before is null or { State: BatchState.Offered }, $"Batch {lease.Batch} was leased by an offer while it was {before}.");
        witness.Check(lease.Items.Count > 0, $"Batch {lease.Batch} was leased without an item.");
        witness.Reach("leases one by one", lease.OneByOne);
        return lease;
    }

    public Task<IReadOnlySet<LeaseToken>> RenewAsync(string node, IReadOnlyCollection<LeaseToken> tokens, CancellationToken cancellation)
    {
        var current = tokens.Where(witness.IsCurrent).ToHashSet();
        return witness.FencedAsync(
            "renewing", current.Count > 0, () => store.RenewAsync(node, tokens, cancellation), renewed => !renewed.IsSubsetOf(current));
    }

    public Task<bool> BeginAsync(LeaseToken token, long? item, CancellationToken cancellation) =>
        witness.FencedAsync($"beginning {item} with {token}", witness.IsCurrent(token), () => store.BeginAsync(token, item, cancellation), begun => begun);

    public async Task<bool> ReleaseAsync(BatchRelease release, CancellationToken cancellation)
    {
        var released = await witness.FencedAsync($"{release}", IsCurrent(release), () => store.ReleaseAsync(release, cancellation), released => released);
        witness.Reach("leases of dead nodes", released && release is BatchRelease.Died);
        witness.Reach("offers refused by a full queue", released && release is BatchRelease.Refused);
        if (released && release is BatchRelease.HandedBack { Hold: not Holds.None } back) witness.Reach($"holds of {back.Hold}");
        return released;
    }

    public Task<IReadOnlyList<LeaseSign>> LeasesAsync(CancellationToken cancellation) => store.LeasesAsync(cancellation);

    private bool IsCurrent(BatchRelease release) => release switch
    {
        BatchRelease.HandedBack back => witness.IsCurrent(back.Token),
        BatchRelease.Died died => witness.IsCurrent(died.Token) && witness.SignOf(died.Token)?.Renewals == died.Renewals,
        _ => true,
    };
}

internal sealed class WatchedLedger(Witness witness, ILedger ledger) : ILedger
{
    public async Task<CommitAnswer> CommitAsync(Lease lease, IReadOnlyList<ItemResult> results, CancellationToken cancellation)
    {
        var current = witness.IsCurrent(lease.Token) && witness.SignOf(lease.Token) is { JobIsOver: false };
        var answer = await witness.FencedAsync(
            $"commit with {lease.Token}", current, () => ledger.CommitAsync(lease, results, cancellation), answer => answer.State != CommitState.Fenced);
        witness.Reach($"commits {answer.State}");
        witness.Reach("retries", results.Any(result => result.RetryAfter is not null));
        return answer;
    }

    public Task<Audit> AuditAsync(CancellationToken cancellation) => ledger.AuditAsync(cancellation);
}

internal sealed class WatchedLibraries(Witness witness, ILibraryStore store) : ILibraryStore
{
    public Task<ScanAnswer> ApplyAsync(Lease scan, ScanStep step, CancellationToken cancellation)
    {
        var current = witness.IsCurrent(scan.Token) && witness.SignOf(scan.Token) is { JobIsOver: false };
        return witness.FencedAsync($"scan with {scan.Token}", current, () => store.ApplyAsync(scan, step, cancellation), answer => answer.Accepted);
    }

    public Task<IReadOnlyList<KnownDirectory>> DirectoriesAsync(IReadOnlyCollection<CollectionId> directories, bool below, CancellationToken cancellation) =>
        store.DirectoriesAsync(directories, below, cancellation);

    public Task<Library?> AddAsync(NewLibrary library, CancellationToken cancellation) => store.AddAsync(library, cancellation);

    public Task<IReadOnlyList<Library>> ListAsync(CancellationToken cancellation) => store.ListAsync(cancellation);

    public Task<bool> UpdateAsync(LibraryId id, NewLibrary changed, CancellationToken cancellation) => store.UpdateAsync(id, changed, cancellation);

    public Task<bool> RemoveAsync(LibraryId id, CancellationToken cancellation) => store.RemoveAsync(id, cancellation);

    public Task<bool> SweepRemovedAsync(int limit, CancellationToken cancellation) => store.SweepRemovedAsync(limit, cancellation);

}

internal sealed class WatchedLocks(Witness witness, ILockStore locks) : ILockStore
{
    private readonly Dictionary<(string Name, string Owner), long> _granted = [];

    public async Task<LockGrant?> AcquireAsync(string name, string owner, TimeSpan duration, CancellationToken cancellation)
    {
        var grant = await locks.AcquireAsync(name, owner, duration, cancellation);
        if (grant is not null && _granted.GetValueOrDefault((name, owner)) != grant.Token)
        {
            witness.Given(grant.Token, name);
            _granted[(name, owner)] = grant.Token;
        }
        return grant;
    }

    public Task<IReadOnlySet<string>> RenewAsync(string owner, TimeSpan duration, CancellationToken cancellation) => locks.RenewAsync(owner, duration, cancellation);

    public Task ReleaseAsync(LockGrant grant, CancellationToken cancellation) => locks.ReleaseAsync(grant, cancellation);

    public Task FreeAsync(string ownerPrefix, CancellationToken cancellation) => locks.FreeAsync(ownerPrefix, cancellation);
}
