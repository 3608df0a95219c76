using Vitrine.Core.Derivatives;
using Vitrine.Core.Libraries;

namespace Vitrine.Core.Jobs;

/// <summary>What is first: classes are served in this order.</summary>
public enum BatchClass
{
    /// <summary>Somebody is looking at it now.</summary>
    Viewing,

    /// <summary>The first image of a collection.</summary>
    Covers,
    Normal,
    Low,
}

public enum BatchState
{
    /// <summary>Waits for the queue's window, and for <c>notBefore</c> if it has one. Left by an offer, or by a lease that asks the store directly.</summary>
    Ready,

    /// <summary>A message with its offer number is on its way. Left by a lease with that number, a refusal, or a new offer after 60 s.</summary>
    Offered,

    /// <summary>A node has it. Left by the last outcome (Done), a hand-back or a death (Ready), or the death limit (Dead).</summary>
    Leased,

    /// <summary>All items have their outcome.</summary>
    Done,

    /// <summary>Died too often; its open items are Failed(<c>dead-letter</c>). Visible and retryable.</summary>
    Dead,
}

/// <summary>The right to a batch. From one sequence for the whole store: no two leases ever share one.</summary>
public readonly record struct LeaseToken(long Value)
{
    public override string ToString() => Value.ToString(System.Globalization.CultureInfo.InvariantCulture);
}

/// <summary>An item that a planner or a scan puts into a batch.</summary>
/// <param name="Bytes">Size of its original, for the limit of a batch.</param>
/// <param name="Sequential">Its container is read in one pass (see <see cref="ContainerKinds"/>).</param>
public sealed record PlannedItem(long Item, CollectionId Collection, long Bytes, bool Cover, bool Sequential = false);

/// <summary>Items that are leased together, of one container.</summary>
public sealed record NewBatch(CollectionId Collection, BatchClass Class, IReadOnlyList<long> Items);

/// <summary>What a message carries.</summary>
public sealed record Offer(BatchId Batch, int Number, BatchClass Class);

/// <summary>One item of a lease with all that making it needs.</summary>
/// <param name="Presets">Presets to make, with the recipes that they have when the lease is given: of those asked for, the ones missing or made by another recipe (all with force).</param>
/// <param name="Attempts">Attempts in this job before this one.</param>
/// <param name="Larger">From which all of <paramref name="Presets"/> can be made instead of from the original; null where there is none.</param>
public sealed record WorkItem(
    long Item, RawName RawName, int Occurrence, string Name, SourceVersion Version, IReadOnlyList<Preset> Presets, int Attempts, LargerDerivative? Larger = null);

/// <summary>A leased batch. The token alone decides what is accepted.</summary>
/// <param name="Items">Those without an outcome; those of images removed meanwhile are not here, and are accounted when the batch ends.</param>
/// <param name="OneByOne">After the second death without an outcome: begin items one at a time, each named with <see cref="IBatchStore.BeginAsync"/>.</param>
/// <param name="Known">
/// Contents of the size of some item, whose derivatives are there already. Size is a hint that leads to a read: an item whose bytes hash to one of them is
/// linked and not decoded.
/// </param>
/// <param name="ContainerVersion">As recorded at the last scan; of an archive default where no scan of it has ended yet, or another one has begun.</param>
public sealed record Lease(
    LeaseToken Token, BatchId Batch, JobId? Job, Handler Handler, BatchClass Class, LibraryId Library, string Root, MountIdentity Mount,
    CollectionId Collection, ContainerKind Kind, SourcePath Path, SourceVersion ContainerVersion, IReadOnlyList<string> Exclude,
    IReadOnlyList<WorkItem> Items, bool OneByOne, bool Force, IReadOnlyList<ImageFacts>? Known = null);

/// <summary>A lease as a rescuer sees it.</summary>
/// <param name="Renewals">Counts up with each renewal; a lease is dead when this and the token stand still for a lease time.</param>
public sealed record LeaseSign(BatchId Batch, LeaseToken Token, string Node, long Renewals);
