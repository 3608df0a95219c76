using Vitrine.Core;
using Vitrine.Core.Libraries;

namespace Vitrine.Server.Hosting;

/// <summary>Where the data folder is, as the command line says it.</summary>
internal static class DataFolders
{
    public static string DefaultPath => Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData), "vitrine");

    /// <summary>The folder without links, as far as it exists; nothing is made.</summary>
    public static DataFolder Find(string? path)
    {
        var full = Path.GetFullPath(path ?? DefaultPath);
        return new(RealPath.Of(full) ?? full);
    }
}
