using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Vitrine.Core;

/// <summary>
/// The id of one <typeparamref name="T"/>: a positive number given by the store, opaque outside (JSON and URLs carry it as text).
/// The aliases <c>LibraryId</c>, <c>CollectionId</c>, <c>ImageId</c>, <c>JobId</c>, <c>BatchId</c>, <c>BlobId</c>, <c>FolderId</c>,
/// <c>UserId</c>, <c>SessionId</c>, <c>ApiKeyId</c>, <c>AuditId</c>, <c>ScheduleId</c>, <c>AlertId</c> and <c>ShareId</c> stand in Directory.Build.props.
/// </summary>
public readonly record struct Id<T>(long Value) : IParsable<Id<T>>, IComparable<Id<T>>
{
    /// <summary>Decimal digits only, 1 to 2^63-1, without sign, space or leading zero.</summary>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out Id<T> result) => TryParse(s.AsSpan(), out result) && s is not null;

    /// <inheritdoc cref="TryParse(string?, IFormatProvider?, out Id{T})"/>
    public static bool TryParse(ReadOnlySpan<char> s, out Id<T> result)
    {
        // The framework takes NULs behind a number for nothing.
        var ok = long.TryParse(s, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value > 0 && s[0] != '0' && s[^1] != '\0';
        result = ok ? new(value) : default;
        return ok;
    }

    public static Id<T> Parse(string s, IFormatProvider? provider) =>
        TryParse(s, provider, out var id) ? id : throw new FormatException($"'{s}' is not an id.");

    public int CompareTo(Id<T> other) => Value.CompareTo(other.Value);

    public static bool operator <(Id<T> left, Id<T> right) => left.Value < right.Value;
    public static bool operator >(Id<T> left, Id<T> right) => left.Value > right.Value;
    public static bool operator <=(Id<T> left, Id<T> right) => left.Value <= right.Value;
    public static bool operator >=(Id<T> left, Id<T> right) => left.Value >= right.Value;

    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}
