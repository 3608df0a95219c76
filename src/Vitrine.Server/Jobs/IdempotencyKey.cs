namespace Vitrine.Server.Jobs;

/// <summary>The header of a request that adds a job: the same key answers the same job.</summary>
internal static class IdempotencyKey
{
    public const string Header = "Idempotency-Key";
    public const int MaxLength = 100;
    public const string Rule = "Idempotency-Key has 1 to 100 visible ASCII characters.";

    /// <summary>False where the header is there and is no key. Without the header the key is null.</summary>
    public static bool TryRead(HttpRequest request, out string? key)
    {
        key = request.Headers.TryGetValue(Header, out var values) ? values.ToString() : null;
        return key is null || (key.Length is > 0 and <= MaxLength && key.All(c => c is > ' ' and <= '~'));
    }

    /// <summary>Marks an operation for its description in OpenAPI.</summary>
    public static RouteHandlerBuilder WithIdempotencyKey(this RouteHandlerBuilder builder) =>
        builder.WithMetadata(new IdempotencyKeyTaken()).ProducesProblem(400);
}

internal sealed class IdempotencyKeyTaken;
