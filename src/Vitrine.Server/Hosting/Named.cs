using System.Text.Json;

namespace Vitrine.Server.Hosting;

/// <summary>A value of an enum in a query: by its name, in any case. Numbers, which the framework would take as well, are refused.</summary>
internal readonly record struct Named<T>(T Value) : IParsable<Named<T>> where T : struct, Enum
{
    public static bool TryParse(string? s, IFormatProvider? provider, out Named<T> result)
    {
        var ok = Enum.TryParse<T>(s, ignoreCase: true, out var value) && Enum.IsDefined(value) && s!.All(char.IsAsciiLetter);
        result = new(value);
        return ok;
    }

    public static Named<T> Parse(string s, IFormatProvider? provider) =>
        TryParse(s, provider, out var named) ? named : throw new FormatException($"'{s}' is no {typeof(T).Name}.");
}

internal static class NamedValues
{
    /// <summary>The names of a <see cref="Named{T}"/> (or of one that may be absent) as the API writes them; null for every other type.</summary>
    public static IEnumerable<string>? Of(Type type)
    {
        var named = Nullable.GetUnderlyingType(type) ?? type;
        if (!named.IsGenericType || named.GetGenericTypeDefinition() != typeof(Named<>)) return null;
        var json = ApiJson.Default.Options.GetTypeInfo(named.GenericTypeArguments[0]);
        return Enum.GetValuesAsUnderlyingType(named.GenericTypeArguments[0]).Cast<object>().Select(value => JsonSerializer.SerializeToElement(Enum.ToObject(named.GenericTypeArguments[0], value), json).GetString()!);
    }
}
