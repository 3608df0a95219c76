namespace Vitrine.Backends.Sql;

/// <summary>The store cannot be used as it is, with a stable code and a message for people.</summary>
public sealed class StoreException(string code, string message, Exception? inner = null) : Exception(message, inner)
{
    public string Code { get; } = code;
}
