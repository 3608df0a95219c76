namespace Vitrine.Core.Statistics;

public enum RoomVerdict
{
    /// <summary>Also what is likely at most.</summary>
    Fits,

    /// <summary>What is expected, but not what is likely at most.</summary>
    Tight,

    /// <summary>Less than what is expected.</summary>
    NoRoom,
}

/// <summary>What a preset finds in the folders that take it.</summary>
/// <param name="MissingBytes">Of what is expected.</param>
public sealed record PresetRoom(string Preset, RoomVerdict Verdict, long MissingBytes);

/// <summary>Where a forecast would go: smaller presets first, as they are the more needed. Pure.</summary>
public static class RoomPlan
{
    /// <param name="presets">Largest first, as a forecast has them.</param>
    public static IReadOnlyList<PresetRoom> Of(IReadOnlyList<PresetForecast> presets, StorageUse storage)
    {
        var sorted = presets.Reverse().ToList();
        var expected = Left(sorted, storage, preset => (long)preset.Bytes.Total);
        var most = Left(sorted, storage, preset => (long)preset.Bytes.High);
        return
        [
            .. sorted.Select(preset => new PresetRoom(
                preset.Preset,
                expected[preset.Preset] > 0 ? RoomVerdict.NoRoom : most[preset.Preset] > 0 ? RoomVerdict.Tight : RoomVerdict.Fits,
                expected[preset.Preset])),
        ];
    }

    /// <summary>Bytes of each preset that find no room.</summary>
    private static Dictionary<string, long> Left(List<PresetForecast> presets, StorageUse storage, Func<PresetForecast, long> bytesOf)
    {
        var folders = storage.Folders.ToDictionary(folder => folder.Folder.Id, folder => folder.AvailableBytes);
        var disks = storage.Folders.GroupBy(folder => folder.Disk).ToDictionary(disk => disk.Key, disk => new StorageUse([.. disk]).AvailableBytes);
        return presets.ToDictionary(preset => preset.Preset, preset =>
        {
            var left = bytesOf(preset);
            foreach (var folder in storage.Folders.Where(folder => folder.Folder.Presets.Count == 0 || folder.Folder.Presets.Contains(preset.Preset)))
            {
                var taken = Math.Min(left, Math.Min(folders[folder.Folder.Id], disks[folder.Disk]));
                folders[folder.Folder.Id] -= taken;
                disks[folder.Disk] -= taken;
                left -= taken;
            }
            return left;
        });
    }
}
