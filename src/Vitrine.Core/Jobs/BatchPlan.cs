namespace Vitrine.Core.Jobs;

/// <summary>How items become batches. Pure: no clock, no store.</summary>
public static class BatchPlan
{
    public const int MaxItems = 64;
    public const long MaxBytes = 256L << 20;

    /// <summary>
    /// Cuts items, in their order, into batches of one container each: at most <see cref="MaxItems"/> and <see cref="MaxBytes"/>
    /// (one larger item stands alone). A cover is a batch of its own in class <see cref="BatchClass.Covers"/>, unless the job's own class comes before that.
    /// </summary>
    public static IReadOnlyList<NewBatch> Cut(IEnumerable<PlannedItem> items, BatchClass jobClass)
    {
        var batches = new List<NewBatch>();
        var open = new List<long>();
        var collection = default(CollectionId);
        long bytes = 0;

        foreach (var item in items)
        {
            if (item.Cover && jobClass > BatchClass.Covers)
            {
                batches.Add(new(item.Collection, BatchClass.Covers, [item.Item]));
                continue;
            }
            if (open.Count > 0 && (item.Collection != collection || open.Count == MaxItems || bytes + item.Bytes > MaxBytes)) Close();
            collection = item.Collection;
            open.Add(item.Item);
            bytes += item.Bytes;
        }
        if (open.Count > 0) Close();
        return batches;

        void Close()
        {
            batches.Add(new(collection, jobClass, [.. open]));
            open.Clear();
            bytes = 0;
        }
    }
}
