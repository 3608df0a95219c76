using System.Text.Json;
using System.Text.Json.Serialization;
using Vitrine.Core.CacheFolders;
using Vitrine.Core.Files;

namespace Vitrine.Backends.Files;

/// <summary>The file in a cache folder that says whose it is.</summary>
internal static partial class MarkerFile
{
    public const string Name = ".vitrine-cache.json";

    /// <summary>While a new marker is written.</summary>
    public const string NewName = ".vitrine-cache.new";

    private const int MaxBytes = 4096;

    /// <summary>Null where there is none that can be read, or no folder.</summary>
    public static FolderMarker? Read(string folder, RefusedPaths? refused)
    {
        try
        {
            using var root = CacheRoot.Open(folder, refused);
            return Read(root);
        }
        catch (DirectoryNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Null where there is none that can be read.</summary>
    public static FolderMarker? Read(CacheRoot root)
    {
        try
        {
            using var file = root.Read(Name);
            if (file.Length > MaxBytes) return null;
            var read = JsonSerializer.Deserialize(file, MarkerJson.Default.Content);
            return read is null || read.Id == Guid.Empty ? null : new(read.Id, read.Installation);
        }
        catch (Exception unread) when (unread is FileNotFoundException or JsonException)
        {
            return null;
        }
    }

    public static void Write(CacheRoot root, FolderMarker marker)
    {
        using (var file = new FileStream(root.Create(NewName), FileAccess.Write))
        {
            JsonSerializer.Serialize(file, new(marker.Id, "vitrine", marker.Installation), MarkerJson.Default.Content);
            file.Flush(flushToDisk: true);
        }
        root.Replace(NewName, Name);
    }

    internal sealed record Content(Guid Id, string CreatedBy, Guid? Installation = null);

    [JsonSerializable(typeof(Content))]
    private sealed partial class MarkerJson : JsonSerializerContext;
}
