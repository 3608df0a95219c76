using Vitrine.Core.Decoding;
using Vitrine.Server.Hosting;

namespace Vitrine.Server.Cli;

/// <summary>Starts a decoder of each flavour, and says which formats this machine reads and what would make it read the others.</summary>
internal static class FormatChecks
{
    public static async Task<IReadOnlyList<Finding>> ExamineAsync(Settings settings, CancellationToken cancellation)
    {
        var library = SystemLibrary.Find(settings.Decoder);
        var (bundled, finding) = await StartAsync("decoder", settings, null, cancellation);
        var findings = new List<Finding> { finding };
        if (bundled is not null) findings.AddRange(Confinement.Of(bundled).Parts.Select(Sandbox));
        Hello? system = null;
        if (library.Folder is not null)
        {
            (system, finding) = await StartAsync("decoder with the system's libvips", settings, library, cancellation);
            findings.Add(finding);
        }
        findings.AddRange(FormatState.All([.. bundled?.Formats ?? [], .. system?.Formats ?? []], library).Where(state => !state.IsRead && state.Row.Flavour is not null).Select(Missing));
        return findings;
    }

    /// <summary>A kernel or a container without a part is no fault that keeps Vitrine from working: the other parts hold.</summary>
    private static Finding Sandbox(ConfinementPart part) => part.Holds
        ? new("sandbox of decoders", FindingLevel.Ok, $"{part.Name}: a decoder {part.Keeps}")
        : new("sandbox of decoders", FindingLevel.Warning, $"{part.Name}: not kept here that a decoder {part.Keeps}; it needs {part.Needs}");

    /// <summary>What a person chose to leave off, or never installed, is no fault of this machine.</summary>
    private static Finding Missing(FormatState state) => new(
        "format", state.Row.Flavour == DecoderFlavour.Bundled ? FindingLevel.Error : FindingLevel.Ok,
        $"{state.Row.Title} ({string.Join(' ', state.Row.Extensions)}) is not read: {state.Remedy ?? "the decoder that ships with Vitrine lacks it"}");

    private static string Unpacking(Hello hello) => hello.Liblzma is { } version
        ? $"7z and xz by liblzma {version}"
        : "7z and xz without liblzma, which takes twice the time: install liblzma5 (Debian, Ubuntu) or xz-libs (Fedora, Alpine)";

    private static async Task<(Hello? Hello, Finding Finding)> StartAsync(
        string check, Settings settings, SystemLibrary? library, CancellationToken cancellation)
    {
        try
        {
            var command = new DecoderCommand(settings.Decoder.ResolvedPath, settings.Decode.ChildMemoryBytes, settings.Engine.Nice, library);
            await using var decoder = await DecoderProcess.StartAsync(command, TimeProvider.System, cancellation);
            var hello = decoder.Hello;
            return (hello, new(check, FindingLevel.Ok, $"{hello.Decoder}; reads {string.Join(", ", hello.Formats)}; limits {string.Join(", ", hello.Limits)}; {Unpacking(hello)}"));
        }
        catch (DecoderUnavailableException missing)
        {
            return (null, new(check, library is null ? FindingLevel.Error : FindingLevel.Warning, missing.Message));
        }
    }
}
