using Vitrine.Core.Jobs;
using Vitrine.Core.Libraries;

namespace Vitrine.Backends.Tests.Simulation;

/// <summary>What a store holds of the engine's state: the model's own tables, or a copy of SQLite's. The invariants are about these.</summary>
internal sealed class Rows
{
    public Dictionary<long, SimLibrary> Libraries { get; } = [];
    public Dictionary<long, SimCollection> Collections { get; } = [];
    public Dictionary<long, SimImage> Images { get; } = [];
    public Dictionary<long, SimJob> Jobs { get; } = [];
    public Dictionary<long, SimBatch> Batches { get; } = [];
    public Dictionary<(long Job, long Item), SimItem> Items { get; } = [];
    public Dictionary<string, SimBlob> Blobs { get; } = [];
    public Dictionary<(long Image, string Preset), SimBlob> Links { get; } = [];
    public Dictionary<long, SimFolder> Folders { get; } = [];
    public Dictionary<(long Token, long Folder), long> Reservations { get; } = [];
    public Dictionary<string, SimLock> Locks { get; } = [];
}

internal sealed class SimLibrary
{
    public long Id { get; init; }
    public string Root { get; init; } = "";
    public MountIdentity Mount { get; init; } = new("", "");
    public LibrarySettings Settings { get; init; } = LibrarySettings.Default;
}

internal sealed class SimCollection
{
    public long Id { get; init; }
    public long Library { get; init; }
    public long? Parent { get; set; }
    public ContainerKind Kind { get; set; }
    public SourcePath Path { get; init; }
    public SourceVersion? Version { get; set; }
    public string? Reason { get; set; }
    public bool Revisit { get; set; }
    public DateTimeOffset RevisitAt { get; set; }
    public int RevisitTries { get; set; }
}

internal sealed class SimImage
{
    public long Id { get; init; }
    public long Library { get; init; }
    public long Collection { get; init; }
    public string Name { get; init; } = "";
    public SourceVersion Version { get; set; }
    public ImageState State { get; set; }
    public string? Reason { get; set; }
}

internal sealed class SimJob
{
    public long Id { get; init; }
    public Handler Handler { get; init; }
    public JobStatus Status { get; set; }
    public Holds Holds { get; set; }
    public JobScope? Scope { get; init; }
    public BatchClass Class { get; set; }
    public long? Parent { get; init; }
    public bool OfScan { get; init; }
    public bool Planned { get; set; }
    public string? Cursor { get; set; }
    public long Total { get; set; }
    public long Completed { get; set; }
    public long Skipped { get; set; }
    public long Failed { get; set; }
    public long Cancelled { get; set; }
    public string? Reason { get; set; }
    public DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset? LastProgressAt { get; set; }
    public DateTimeOffset? ServedSince { get; set; }
    public DateTimeOffset? ResumedAt { get; set; }
    public long Served { get; set; }
    public long Version { get; set; }
    public bool IsOver => Status >= JobStatus.Completed;
    public long Accounted => Completed + Skipped + Failed + Cancelled;
}

internal sealed class SimBatch
{
    public long Id { get; init; }
    public long Job { get; init; }
    public long Library { get; init; }
    public long Collection { get; init; }
    public BatchClass Class { get; set; }
    public BatchState State { get; set; }
    public int Offer { get; set; }
    public DateTimeOffset? OfferedAt { get; set; }
    public long? Token { get; set; }
    public string? Node { get; set; }
    public long Renewals { get; set; }
    public DateTimeOffset? NotBefore { get; set; }
    public DateTimeOffset ProgressedAt { get; set; }
    public int Deaths { get; set; }
    public bool OneByOne { get; set; }
    public int Crashed { get; set; }
    public long? InHand { get; set; }
    public List<SimItem> Items { get; } = [];
    public bool Waits => State is BatchState.Ready or BatchState.Offered;
}

internal sealed class SimItem
{
    public long Job { get; init; }
    public long Item { get; init; }
    public long Batch { get; init; }
    public Outcome? Outcome { get; set; }
    public string? Reason { get; set; }
    public int Attempts { get; set; }
    public DateTimeOffset? NotBefore { get; set; }
}

internal sealed class SimBlob
{
    public string Key { get; init; } = "";
    public long Folder { get; set; }
    public string Name { get; set; } = "";
    public long Size { get; set; }
}

internal sealed class SimFolder
{
    public long Id { get; init; }
    public string Path { get; init; } = "";
    public Guid Marker { get; init; }
    public long Limit { get; set; }
    public long Blobs { get; set; }
    public long Bytes { get; set; }
    public long Reserved { get; set; }
}

internal sealed class SimLock
{
    public string Owner { get; set; } = "";
    public long Token { get; set; }
    public DateTimeOffset ExpiresAt { get; set; }
}
