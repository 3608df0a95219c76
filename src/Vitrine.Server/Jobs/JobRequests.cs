using Vitrine.Core.Jobs;
using Vitrine.Server.Security;

namespace Vitrine.Server.Jobs;

/// <summary>What a job does, by all names that the API has for it. <c>thumbnails</c>, <c>cache</c> and <c>both</c> are derive jobs with certain presets.</summary>
internal enum JobTypeShape { Scan, Derive, Thumbnails, Cache, Both }

internal static class JobTypes
{
    extension(JobTypeShape type)
    {
        /// <summary>Null for the names that say nothing of the presets.</summary>
        public DeriveKind? Kind => type switch
        {
            JobTypeShape.Thumbnails => DeriveKind.Thumbnails,
            JobTypeShape.Cache => DeriveKind.Cache,
            JobTypeShape.Both => DeriveKind.Both,
            _ => null,
        };

        /// <summary>Null for the names that say more than the handler.</summary>
        public Handler? Handler => type switch
        {
            JobTypeShape.Scan => Core.Jobs.Handler.Scan,
            JobTypeShape.Derive => Core.Jobs.Handler.Derive,
            _ => null,
        };
    }
}

/// <param name="CollectionIds">At most 10,000; absent or null: all of the library. A scan looks at these and below.</param>
/// <param name="ImageIds">At most 10,000; absent or null: all of the collections. Not for a scan.</param>
/// <param name="Presets">With the types derive and scan; absent or null: the library's.</param>
/// <param name="Force">Also what is there already, anew. A scan then looks at everything, changed or not, and has it made.</param>
/// <param name="Incomplete">Not for a scan: without what failed for a reason that will not pass.</param>
/// <param name="RequireRoom">
/// Refuses the job with no-room where the cache folders cannot take even the least that is to be expected; else it makes what fits, thumbnails first. Not for a scan.
/// </param>
internal sealed record StartJobRequest(
    JobTypeShape Type, LibraryId LibraryId, IReadOnlyList<CollectionId>? CollectionIds = null, IReadOnlyList<ImageId>? ImageIds = null,
    IReadOnlyList<string>? Presets = null, bool Force = false, PriorityShape Priority = PriorityShape.Normal, bool Incomplete = false, bool RequireRoom = false) : IAuditable;

internal sealed record PriorityRequest(PriorityShape Priority) : IAuditable;
