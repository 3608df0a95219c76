namespace Vitrine.Core;

/// <summary>One keyset page: its items, and the opaque cursor of the next page, or null at the end.</summary>
public sealed record Page<T>(IReadOnlyList<T> Items, string? Next);
