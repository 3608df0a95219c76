using System.Globalization;

namespace Vitrine.Backends.Files;

/// <summary>
/// Says who owns a data folder: <c>vitrine.lock</c> is held open and locked as long as the owner lives; a dead owner's lock is free.
/// Who that is stands beside it in <c>vitrine.owner</c>, since .NET opens no file that another has locked, not even to read.
/// </summary>
public sealed class DataFolderLock : IDisposable
{
    public const string FileName = "vitrine.lock";
    public const string OwnerFileName = "vitrine.owner";
    private readonly string _folder;
    private readonly FileStream _file;

    private DataFolderLock(string folder, FileStream file) => (_folder, _file) = (folder, file);

    /// <exception cref="DataFolderException">Another process owns the folder, or it is on a network file system.</exception>
    public static DataFolderLock Take(string dataFolder, bool allowNetwork = false)
    {
        CreatePrivate(dataFolder);
        var mount = Mounts.Of(dataFolder);
        if (!allowNetwork && mount.IsNetwork)
        {
            throw new DataFolderException("network-data",
                $"{dataFolder} is on a network file system ({mount.FileSystemType} {mount.Source}), where locks and the database are not safe. "
                + "Use a local folder, or --allow-network-data.");
        }
        var path = Path.Combine(dataFolder, FileName);
        try
        {
            var held = new DataFolderLock(dataFolder, new(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0));
            held.Describe("");
            return held;
        }
        catch (IOException) when (File.Exists(path))
        {
            throw new DataFolderException("in-use", $"{dataFolder} is in use by {Owner(dataFolder)}.");
        }
    }

    /// <summary>Writes who the owner is, and where it listens.</summary>
    public void Describe(string url)
    {
        var temporary = Path.Combine(_folder, $"{OwnerFileName}.new");
        File.WriteAllText(temporary, $"{Environment.ProcessId.ToString(CultureInfo.InvariantCulture)} {url}".TrimEnd());
        File.Move(temporary, Path.Combine(_folder, OwnerFileName), overwrite: true);
    }

    public void Dispose() => _file.Dispose();

    /// <summary>A data folder that we make holds password hashes and is its owner's alone; the rights of one that is there are left as they are.</summary>
    private static void CreatePrivate(string dataFolder)
    {
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(dataFolder);
        else Directory.CreateDirectory(dataFolder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    private static string Owner(string dataFolder)
    {
        try
        {
            var parts = File.ReadAllText(Path.Combine(dataFolder, OwnerFileName)).Split(' ', 2);
            return parts.Length == 2 ? $"process {parts[0]} at {parts[1]}" : $"process {parts[0]}";
        }
        catch (FileNotFoundException)
        {
            return "another process";
        }
    }
}

/// <summary>The data folder cannot be used, with a stable code and a message for people.</summary>
public sealed class DataFolderException(string code, string message) : Exception(message)
{
    public string Code { get; } = code;
}
