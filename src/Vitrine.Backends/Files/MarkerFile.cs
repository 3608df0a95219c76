using System.Text.Json;
using Vitrine.Core.CacheFolders;

namespace Vitrine.Backends.Files;

/// <summary>The file in a cache folder that says whose it is.</summary>
internal static class MarkerFile
{
    public const string Name = ".vitrine-cache.json";

    /// <summary>While a new marker is written.</summary>
    public const string NewName = ".vitrine-cache.new";

    /// <summary>Null where there is none that can be read.</summary>
    public static FolderMarker? Read(string folderPath)
    {
        try
        {
            var read = JsonSerializer.Deserialize<Content>(File.ReadAllText(CachePath.Resolve(folderPath, Name)));
            return read is null || read.Id == Guid.Empty ? null : new(read.Id, read.Installation);
        }
        catch (Exception unread) when (unread is FileNotFoundException or DirectoryNotFoundException or JsonException)
        {
            return null;
        }
    }

    public static void Write(string folderPath, FolderMarker marker)
    {
        var temporary = CachePath.Resolve(folderPath, NewName);
        using (var file = File.Create(temporary))
        {
            JsonSerializer.Serialize(file, new Content(marker.Id, "vitrine", marker.Installation));
            file.Flush(flushToDisk: true);
        }
        File.Move(temporary, CachePath.Resolve(folderPath, Name), overwrite: true);
    }

    private sealed record Content(Guid Id, string CreatedBy, Guid? Installation = null);
}
