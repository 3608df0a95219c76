using System.Data.Common;
using System.Text.Json;
using Vitrine.Core.Libraries;

namespace Vitrine.Backends.Sql;

/// <summary>The row that a reader stands on, read by column number in the order of the SELECT.</summary>
internal readonly struct Row(DbDataReader reader)
{
    public bool IsNull(int column) => reader.IsDBNull(column);
    public long Long(int column) => reader.GetInt64(column);
    public int Int(int column) => reader.GetInt32(column);

    /// <summary>A flag is a number where it is stored; a condition is one, or a truth value of the database's own.</summary>
    public bool Bool(int column) => reader.GetFieldType(column) == typeof(bool) ? reader.GetBoolean(column) : reader.GetInt64(column) != 0;

    public string Text(int column) => reader.GetString(column);
    public byte[] Bytes(int column) => reader.GetFieldValue<byte[]>(column);
    public DateTimeOffset Time(int column) => DateTimeOffset.FromUnixTimeMilliseconds(reader.GetInt64(column));
    public SourceVersion Version(int first) => new(Long(first), Long(first + 1), Long(first + 2));
    public object Any(int column) => reader.GetValue(column);
    public string Hex(int column) => Convert.ToHexStringLower(Bytes(column));
    public string[] Texts(int column) => SqlJson.Texts(Text(column));

    public long? LongOrNull(int column) => IsNull(column) ? null : Long(column);
    public string? TextOrNull(int column) => IsNull(column) ? null : Text(column);
    public byte[]? BytesOrNull(int column) => IsNull(column) ? null : Bytes(column);
    public DateTimeOffset? TimeOrNull(int column) => IsNull(column) ? null : Time(column);
    public long[]? LongsOrNull(int column) => IsNull(column) ? null : SqlJson.Longs(Text(column));
}
