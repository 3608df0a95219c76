namespace Vitrine.Core.Jobs;

/// <summary>How items become batches. Pure: no clock, no store.</summary>
public static class BatchPlan
{
    public const int MaxItems = 64;
    public const long MaxBytes = 256L << 20;

    /// <summary>Items of a sequential container in one batch: what one request to a decoder can name. A larger one takes a pass for each so many.</summary>
    public const int MaxSequentialItems = 10_000;

    /// <summary>
    /// Cuts items, in their order, into batches of one container each: at most <see cref="MaxItems"/> and <see cref="MaxBytes"/>
    /// (one larger item stands alone). A cover is a batch of its own in class <see cref="BatchClass.Covers"/>, unless the job's own class comes before that.
    /// A sequential container is one batch whatever its length, its cover too: every batch of it costs a pass over all of it.
    /// </summary>
    public static IReadOnlyList<NewBatch> Cut(IEnumerable<PlannedItem> items, BatchClass jobClass)
    {
        var batches = new List<NewBatch>();
        var open = new List<long>();
        var collection = default(CollectionId);
        long bytes = 0;

        foreach (var item in items)
        {
            if (item.Cover && !item.Sequential && jobClass > BatchClass.Covers)
            {
                batches.Add(new(item.Collection, BatchClass.Covers, [item.Item]));
                continue;
            }
            if (open.Count > 0 && (item.Collection != collection || IsFull(item))) Close();
            collection = item.Collection;
            open.Add(item.Item);
            bytes += item.Bytes;
        }
        if (open.Count > 0) Close();
        return batches;

        bool IsFull(PlannedItem next) => next.Sequential ? open.Count == MaxSequentialItems : open.Count == MaxItems || bytes + next.Bytes > MaxBytes;

        void Close()
        {
            batches.Add(new(collection, jobClass, [.. open]));
            open.Clear();
            bytes = 0;
        }
    }
}
