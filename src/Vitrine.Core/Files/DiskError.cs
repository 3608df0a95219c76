using System.Runtime.InteropServices;

namespace Vitrine.Core.Files;

/// <summary>A link stands where a file or a directory was expected, or on the way there: it is not followed.</summary>
public sealed class LinkRefusedException(string path) : IOException($"'{path}' is a link, or is reached through one.");

/// <summary>Errors of the kernel as the exceptions that .NET has for them.</summary>
internal static class DiskError
{
    public const int NotThere = 2;
    public const int Exists = 17;

    /// <summary>EXDEV: what <c>openat2</c> says of a path that leads out.</summary>
    public const int AcrossDevices = 18;
    public const int NotADirectory = 20;
    public const int IsADirectory = 21;
    public const int Invalid = 22;
    public const int NotEmpty = 39;

    /// <summary>ELOOP: what every refusal of a link becomes here.</summary>
    public const int Link = 40;

    private const int NotPermitted = 1;
    private const int AccessDenied = 13;
    private const int NameTooLong = 36;

    /// <param name="result">0 or more, or the negated number of the error.</param>
    public static int Check(int result, string path, bool directory = false) => result >= 0 ? result : throw Of(-result, path, directory);

    private static Exception Of(int error, string path, bool directory) => error switch
    {
        // Out of the directory that a path is beneath: only a link leads there.
        Link or AcrossDevices => new LinkRefusedException(path),
        NotThere or NotADirectory or NameTooLong => directory
            ? new DirectoryNotFoundException($"'{path}' is not there.")
            : new FileNotFoundException($"'{path}' is not there."),
        NotPermitted or AccessDenied => new UnauthorizedAccessException($"'{path}': {Marshal.GetPInvokeErrorMessage(error)}"),
        _ => new IOException($"'{path}': {Marshal.GetPInvokeErrorMessage(error)}", error),
    };
}
