using System.Runtime.InteropServices;

namespace Vitrine.Core.Decoding;

/// <summary>
/// The machine's own libvips, looked for once when the program starts and not loaded: a machine without it, or without pictures that need it, pays
/// nothing. What was installed since is found at the next start.
/// </summary>
/// <param name="Folder">Where it stands; null where there is none, or it is not to be used.</param>
/// <param name="Build">Its file's name with its version, for example <c>libvips.so.42.16.1</c>.</param>
/// <param name="Formats">Names of the table's rows that it may read here.</param>
public sealed record SystemLibrary(string? Folder, string Build, IReadOnlyList<string> Formats)
{
    /// <summary>Those of <see cref="Formats"/> that a decoder reads only where its whole sandbox holds.</summary>
    public IReadOnlyList<string> Confined { get; init; } = [];

    public const string FileName = "libvips.so.42";

    /// <summary>What has to be installed for all rows of the system's flavour, on Debian and what comes from it.</summary>
    public const string Install = "apt install libvips42 libheif1 libheif-plugin-libde265 (the last where there is such a package)";

    /// <summary>The value of <see cref="DecoderOptions.SystemLibraries"/> that leaves this flavour off.</summary>
    public const string Off = "none";

    public static SystemLibrary None { get; } = new(null, "", []);

    public static SystemLibrary Find(DecoderOptions options)
    {
        if (options.SystemLibraries == Off) return None;
        string[] folders = options.SystemLibraries.Length > 0 ? [options.SystemLibraries] : UsualFolders();
        if (folders.FirstOrDefault(folder => File.Exists(Path.Combine(folder, FileName))) is not { } found) return None;
        var file = new FileInfo(Path.Combine(found, FileName));
        var build = file.ResolveLinkTarget(returnFinalTarget: true)?.Name ?? file.Name;
        var formats = FormatTable.Rows.Where(row => row.Flavour == DecoderFlavour.System && options.Allows(row)).Select(row => row.Name);
        return new(found, build, [.. formats]) { Confined = [.. FormatTable.Rows.Where(options.AllowsConfined).Select(row => row.Name)] };
    }

    public bool MayRead(string format) => Folder is not null && Formats.Contains(format);

    /// <summary>Goes behind a decoder's version where failures are recorded: another library, or another format allowed, and they are tried again.</summary>
    public string Version => Folder is null ? "" : $" + {Build} ({string.Join(' ', Formats)})";

    /// <summary>What a person can do so that the format is read here; null where nothing helps.</summary>
    public string? Remedy(FormatRow row) => row switch
    {
        { Flavour: not DecoderFlavour.System } => null,
        { Setting: { } setting } when Folder is not null && !Formats.Contains(row.Name) => $"set {setting} to true (it is off: see docs/formats.md), and start again",
        { Access: FormatAccess.OptIn, Setting: { } setting } when Folder is null => $"{Install}, set {setting} to true (see docs/formats.md), and start again",
        _ when Folder is null => $"{Install}, and start again",
        { Setting: { } setting } when Confined.Contains(row.Name) =>
            $"the libvips in {Folder} lacks it, or the sandbox of decoders does not hold here ('vitrine doctor' tells): {Install}, or set {setting} to true, and start again",
        _ => $"the libvips in {Folder} lacks it: {Install}, and start again",
    };

    private static string[] UsualFolders()
    {
        var triplet = RuntimeInformation.OSArchitecture == Architecture.Arm64 ? "aarch64-linux-gnu" : "x86_64-linux-gnu";
        return ["/usr/local/lib", $"/usr/local/lib/{triplet}", $"/usr/lib/{triplet}", "/usr/lib64", "/usr/lib"];
    }
}
