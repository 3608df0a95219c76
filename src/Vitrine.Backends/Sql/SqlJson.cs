using System.Text.Json;
using System.Text.Json.Serialization;
using Vitrine.Core.Libraries;

namespace Vitrine.Backends.Sql;

/// <summary>What stands as JSON in columns, in arguments and in cursors.</summary>
[JsonSerializable(typeof(IEnumerable<long>))]
[JsonSerializable(typeof(IEnumerable<string>))]
[JsonSerializable(typeof(long[]))]
[JsonSerializable(typeof(string[]))]
[JsonSerializable(typeof(LibrarySettings))]
[JsonSerializable(typeof(StandingPlace))]
[JsonSerializable(typeof(CollectionListing.Place))]
internal sealed partial class SqlJson : JsonSerializerContext
{
    public static string[] Texts(string json) => JsonSerializer.Deserialize(json, Default.StringArray) ?? [];

    public static long[] Longs(string json) => JsonSerializer.Deserialize(json, Default.Int64Array) ?? [];
}
