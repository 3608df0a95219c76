using System.Text.Json;
using Vitrine.Core.Settings;

namespace Vitrine.Core.CacheFolders;

/// <summary>
/// Who we are: an id that the markers of our cache folders name, so that two installations never manage one folder. A data folder that was moved keeps its id.
/// One that was copied gets another, since the copy would clean up what it does not know of in the folders of the first. Where nodes share a database, the installation is
/// that database, wherever its nodes have their data folders.
/// </summary>
public sealed class Installation(ISettingStore settings, DataFolder data)
{
    /// <summary>In the data folder: by it a copy sees that the first one still stands where it was.</summary>
    public const string FileName = "vitrine.installation";

    private const string Key = "installation";

    /// <summary>Null before <see cref="IdentifyAsync"/>.</summary>
    public Guid? Id { get; private set; }

    /// <summary>Where the data folder was at the start before this one, where that was another place.</summary>
    public string? FormerHome { get; private set; }

    /// <summary>Whether the data folder is a copy of one that is still there.</summary>
    public bool IsCopy { get; private set; }

    public async Task IdentifyAsync(CancellationToken cancellation)
    {
        if (!data.HoldsStore)
        {
            var shared = await settings.GetOrAddAsync(Key, JsonSerializer.Serialize(new(Guid.NewGuid(), ""), SettingJson.Default.Identity), cancellation);
            Id = JsonSerializer.Deserialize(shared, SettingJson.Default.Identity)!.Id;
            return;
        }
        var known = await settings.GetAsync(Key, cancellation) is { } json ? JsonSerializer.Deserialize(json, SettingJson.Default.Identity) : null;
        if (known is not null && known.Home != data.Path)
        {
            FormerHome = known.Home;
            IsCopy = Read(Path.Combine(known.Home, FileName)) == known.Id;
        }
        var id = known is null || IsCopy ? Guid.NewGuid() : known.Id;
        var file = Path.Combine(data.Path, FileName);
        if (known != new Identity(id, data.Path)) await settings.SetAsync(Key, JsonSerializer.Serialize(new(id, data.Path), SettingJson.Default.Identity), cancellation);
        if (Read(file) != id) await File.WriteAllTextAsync(file, id.ToString("D"), cancellation);
        Id = id;
    }

    /// <summary>Where a folder that stood in the data folder stands since that was moved or copied; the same path where it stood elsewhere.</summary>
    public string Rebased(string folderPath) =>
        FormerHome is { } home && folderPath.StartsWith($"{home}/", StringComparison.Ordinal) ? data.Path + folderPath[home.Length..] : folderPath;

    private static Guid? Read(string path)
    {
        try
        {
            return Guid.TryParse(File.ReadAllText(path), out var id) ? id : null;
        }
        catch (Exception unread) when (unread is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    internal sealed record Identity(Guid Id, string Home);
}
