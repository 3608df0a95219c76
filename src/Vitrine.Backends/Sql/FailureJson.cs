using System.Text.Json;
using System.Text.Json.Serialization;
using Vitrine.Core.Jobs;

namespace Vitrine.Backends.Sql;

/// <summary>Which failures a job tries again, as its row keeps it: one flat object, of which only what is said is written.</summary>
internal static partial class FailureJson
{
    internal sealed record Stored(
        long? Job = null, long? Batch = null, Handler? Kind = null, IReadOnlyList<string>? Reasons = null, string? Decoder = null,
        string? OtherThan = null, long? Collection = null, long? Image = null, bool? Ignored = null, long? Library = null);

    public static string? Write(FailureQuery? query) => query is null ? null : JsonSerializer.Serialize(
        query switch
        {
            FailureQuery.OfJob of => new Stored(Job: of.Job.Value),
            FailureQuery.OfBatch of => new Stored(Batch: of.Batch.Value),
            FailureQuery.Standing s => new Stored(
                Kind: s.Kind, Reasons: s.Reasons, Decoder: s.Decoder, OtherThan: s.OtherThan, Collection: s.Collection?.Value, Image: s.Image?.Value,
                Ignored: s.Ignored, Library: s.Library?.Value),
            _ => throw new NotSupportedException(query.GetType().Name),
        }, FlatJson.Default.Stored);

    public static FailureQuery? Read(string? json) => json is null ? null : JsonSerializer.Deserialize(json, FlatJson.Default.Stored)! switch
    {
        { Job: { } job } => new FailureQuery.OfJob(new(job)),
        { Batch: { } batch } => new FailureQuery.OfBatch(new(batch)),
        var s => new FailureQuery.Standing(
            s.Library is { } library ? new LibraryId(library) : null, s.Kind, s.Reasons, s.Decoder, s.OtherThan,
            s.Collection is { } collection ? new CollectionId(collection) : null, s.Image is { } image ? new ImageId(image) : null, s.Ignored),
    };

    [JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
    [JsonSerializable(typeof(Stored))]
    private sealed partial class FlatJson : JsonSerializerContext;
}
