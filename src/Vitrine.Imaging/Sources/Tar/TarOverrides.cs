using System.Buffers.Text;

namespace Vitrine.Imaging.Sources.Tar;

/// <summary>What stands before an entry and counts in place of its header's fields.</summary>
internal sealed record TarOverrides(byte[]? Name = null, long? Size = null)
{
    /// <summary>Reads pax records, each "LENGTH KEY=VALUE\n"; what is none ends them.</summary>
    public TarOverrides With(ReadOnlySpan<byte> records)
    {
        var result = this;
        while (Utf8Parser.TryParse(records, out int length, out var digits) && length > digits + 1 && length <= records.Length)
        {
            var record = records[(digits + 1)..length].TrimEnd((byte)'\n');
            records = records[length..];
            var equals = record.IndexOf((byte)'=');
            if (equals < 0) continue;
            var key = record[..equals];
            var value = record[(equals + 1)..];
            if (key.SequenceEqual("path"u8)) result = result with { Name = value.ToArray() };
            else if (key.SequenceEqual("size"u8) && Utf8Parser.TryParse(value, out long size, out _) && size >= 0) result = result with { Size = size };
        }
        return result;
    }
}
