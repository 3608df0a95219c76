namespace Vitrine.Core.Jobs;

/// <summary>
/// Batches and their leases. Promise: a batch has at most one current token; only the current token, or the current offer number,
/// moves a batch; a late call with an old one changes nothing and says so.
/// </summary>
public interface IBatchStore
{
    /// <summary>Adds batches: a planner's step (fenced by its lock's token and by <c>not planned</c>), one image on demand, or the covers of a view.</summary>
    Task<AddAnswer> AddAsync(BatchAddition addition, CancellationToken cancellation);

    /// <summary>
    /// Moves Ready batches to Offered, each with a new number, up to the window: by class, then over jobs in turns (<see cref="Turns"/>), without those that a hold,
    /// a cancel or <c>notBefore</c> keeps. Offered ones older than <see cref="OfferWindow.OfferAgain"/> are offered again.
    /// </summary>
    Task<IReadOnlyList<Offer>> OfferAsync(OfferWindow window, CancellationToken cancellation);

    /// <summary>
    /// Leases the batch of an offer (only Offered with that number) or, where a batch of a class before it is due or a job of its class has waited longer,
    /// that one (the offer's own is Ready again); without an offer, the first Ready or Offered batch in the order of <see cref="OfferAsync"/>. Null: nothing to lease, or the offer is stale; a batch whose job is held or over is made Ready or closed by the same statement.
    /// </summary>
    Task<Lease?> LeaseAsync(LeaseRequest request, CancellationToken cancellation);

    /// <summary>Renews all leases of a node: raises their count of renewals, and nothing else. Answers the tokens that are still current.</summary>
    Task<IReadOnlySet<LeaseToken>> RenewAsync(string node, IReadOnlyCollection<LeaseToken> tokens, CancellationToken cancellation);

    /// <summary>Names the item in hand of a lease that works one by one (null clears it). False: the token is old.</summary>
    Task<bool> BeginAsync(LeaseToken token, long? item, CancellationToken cancellation);

    /// <summary>Gives a batch back; see <see cref="BatchRelease"/>. False: the offer or the token is no longer the current one.</summary>
    Task<bool> ReleaseAsync(BatchRelease release, CancellationToken cancellation);

    /// <summary>All leases, for the rescuer.</summary>
    Task<IReadOnlyList<LeaseSign>> LeasesAsync(CancellationToken cancellation);
}

public abstract record BatchAddition
{
    private BatchAddition() { }

    /// <summary>A planner's step.</summary>
    /// <param name="Cursor">Where the next step goes on.</param>
    /// <param name="Planned">True with the last step; a job whose items are all accounted is completed by it.</param>
    public sealed record Plan(JobId Job, LockGrant Planner, IReadOnlyList<NewBatch> Batches, string? Cursor, bool Planned) : BatchAddition;

    /// <summary>One image that somebody looks at: at most one open batch for each image; a second request joins it.</summary>
    public sealed record OnDemand(ImageId Image, IReadOnlyList<string> Presets) : BatchAddition;

    /// <summary>The same for a derivative that is there and was made by a former recipe. Refused where the image's library makes the preset: its job does it.</summary>
    public sealed record Renewal(ImageId Image, string Preset) : BatchAddition;

    /// <summary>
    /// Covers that somebody has on the screen, in the order in which they stand there: each a batch of class <see cref="BatchClass.Covers"/>, of no job, with the
    /// presets of its library, and before the covers of jobs and of former views. Left out is what has a thumbnail or stands as failed, is open in a batch of
    /// its own, or is in somebody's hand. Of all such batches that wait, the newest <see cref="MostInView"/> stay.
    /// </summary>
    public sealed record InView(IReadOnlyList<ImageId> Covers) : BatchAddition;

    public const int MostInView = 200;
}

/// <param name="Accepted">False: the planner's token is old, the job is planned or over, or the image is gone.</param>
/// <param name="Batch">Of an on-demand addition: the open batch, new or joined.</param>
public sealed record AddAnswer(bool Accepted, BatchId? Batch = null);

/// <param name="PerClass">How many batches of a class may stand Offered.</param>
/// <param name="OfferAgain">Age at which an Offered batch gets a new number.</param>
public sealed record OfferWindow(int PerClass, TimeSpan OfferAgain);

/// <param name="Offer">Null asks for any batch, without class <c>Viewing</c> unless <paramref name="Viewing"/>.</param>
/// <param name="Batch">Leases this one, Ready or Offered, whatever its number: the server that was asked for an image takes its own batch.</param>
/// <param name="Unable">Libraries that this node cannot reach now.</param>
/// <param name="Labels">Of the node: batches of a library that names other ones are not for it, from the moment that the library names them.</param>
public sealed record LeaseRequest(
    string Node, Offer? Offer = null, BatchId? Batch = null, IReadOnlyCollection<LibraryId>? Unable = null, IReadOnlyCollection<string>? Labels = null);

public abstract record BatchRelease
{
    private BatchRelease() { }

    /// <summary>The queue refused the offer (full): Ready again.</summary>
    public sealed record Refused(Offer Offer) : BatchRelease;

    /// <summary>The node cannot or may not go on: Ready again, not a death. <paramref name="Hold"/> is set on the job as well.</summary>
    public sealed record HandedBack(LeaseToken Token, DateTimeOffset? NotBefore = null, Holds Hold = Holds.None) : BatchRelease;

    /// <summary>The lease's holder is dead. Counted; at the limit the item in hand is Failed(<c>crashed</c>) or the batch is Dead.</summary>
    public sealed record Died(LeaseToken Token, long Renewals, DeathLimits Limits) : BatchRelease;
}

/// <param name="OneByOneAfter">Deaths without an outcome after which items go one at a time (2).</param>
/// <param name="Deliveries">Deaths without an outcome that end the item in hand, or the batch (5).</param>
/// <param name="CrashedItems">Items of one batch that may end Failed(<c>crashed</c>) before the batch is Dead (8).</param>
public sealed record DeathLimits(int OneByOneAfter = 2, int Deliveries = 5, int CrashedItems = 8);
