using System.Text.Json;
using System.Text.Json.Serialization;
using Vitrine.Core.Jobs;

namespace Vitrine.Backends.RabbitMq;

/// <summary>The body of a message: <c>{"batch":7,"offer":2}</c>. Its class is that of the queue that it lies in.</summary>
internal sealed partial record OfferMessage(
    [property: JsonPropertyName("batch"), JsonRequired] long Batch, [property: JsonPropertyName("offer"), JsonRequired] int Offer)
{
    /// <summary>Far more than a message of ours has.</summary>
    private const int MaxBytes = 1024;

    public static byte[] Write(Offer offer) => JsonSerializer.SerializeToUtf8Bytes(new OfferMessage(offer.Batch.Value, offer.Number), Json.Default.OfferMessage);

    /// <summary>Null: it is none of ours.</summary>
    public static Offer? Read(ReadOnlySpan<byte> body, BatchClass batchClass)
    {
        if (body.Length > MaxBytes) return null;
        try
        {
            return JsonSerializer.Deserialize(body, Json.Default.OfferMessage) is { Batch: > 0, Offer: > 0 } message
                ? new(new(message.Batch), message.Offer, batchClass)
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    [JsonSerializable(typeof(OfferMessage))]
    private sealed partial class Json : JsonSerializerContext;
}
