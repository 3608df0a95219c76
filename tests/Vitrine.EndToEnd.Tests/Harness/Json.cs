using System.Text.Json;

namespace Vitrine.EndToEnd.Harness;

/// <summary>An answer, read by the names that are promised; a name that is missing fails with the whole answer in sight.</summary>
internal readonly record struct Json(JsonElement Element)
{
    public Json this[string name] => Element.ValueKind == JsonValueKind.Object && Element.TryGetProperty(name, out var value)
        ? new(value)
        : throw new KeyNotFoundException($"There is no '{name}' in {Element}");

    public IEnumerable<string> Names => Element.EnumerateObject().Select(property => property.Name);

    public IReadOnlyList<Json> Items => [.. Element.EnumerateArray().Select(item => new Json(item))];

    public bool IsNull => Element.ValueKind == JsonValueKind.Null;

    public long Number => Element.GetInt64();

    public double Real => Element.GetDouble();

    public bool Truth => Element.GetBoolean();

    public string Text => Element.GetString() ?? throw new InvalidOperationException("It is null.");

    /// <summary>Exactly one value and nothing beside it.</summary>
    public static Json Parse(string text)
    {
        using var document = JsonDocument.Parse(text);
        return new(document.RootElement.Clone());
    }

    /// <summary>An id is opaque: shown as text, whether it is written as a number or as a string.</summary>
    public override string ToString() => Element.ToString();
}
