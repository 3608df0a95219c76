using Vitrine.Core.Decoding;

namespace Vitrine.Tests.Imaging;

/// <summary>The decoder program with the machine's own libvips, where there is one.</summary>
internal static class SystemFlavour
{
    public static DecoderOptions AllAllowed { get; } = new() { AllowJxl = true, AllowJp2 = true, AllowSvg = true };

    public static string Program { get; } = Path.GetFullPath(Path.Combine(
        AppContext.BaseDirectory, "../../Vitrine.Decoder", $"{new DirectoryInfo(AppContext.BaseDirectory.TrimEnd('/')).Name}_linux-x64", "Vitrine.Decoder"));

    /// <summary>Skips the test where it is missing.</summary>
    public static SystemLibrary Need(DecoderOptions options)
    {
        var library = SystemLibrary.Find(options);
        Assert.SkipWhen(library.Folder is null, $"There is no {SystemLibrary.FileName} of the system (package libvips42).");
        return library;
    }

    public static StartDecoder Starter(SystemLibrary? library) => (_, root, cancellation) => DecoderProcess.StartAsync(
        new(Program, new DecodeLimits().ChildMemoryBytes, 5, library) { Roots = root is null ? [] : [root] }, TimeProvider.System, cancellation);
}
