using System.Globalization;
using System.Text;
using Vitrine.Core.Decoding;

namespace Vitrine.Tests.Tidy;

/// <summary>docs/formats.md: the table, and what the decoder that ships with Vitrine says of itself.</summary>
internal static class FormatDocument
{
    /// <param name="bundled">What the bundled flavour really reads.</param>
    public static string Write(IReadOnlyList<string> bundled)
    {
        var page = new StringBuilder("""
            # Formats

            What a file is, its content decides, not its name; its extension only makes a scan list it. Two flavours of decoders read pictures, each in programs of its
            own with the same limits: the *bundled* one, which ships with Vitrine, and the *system's*, with the machine's own libvips, where that is installed. The second is
            started when a picture needs it, ends when it is idle, and sees only what the first cannot read.

            `vitrine doctor`, `GET /api/v1/formats` and the page say what one machine reads, and what would make it read more. For HEIC on Debian and what comes from it:
            `apt install libvips42 libheif1`, and `libheif-plugin-libde265` where there is such a package. A library that is installed or taken away counts from the next start;
            what was skipped as `unsupported` before is tried again then by itself.

            Made from the table that the program decides by; to write it anew: `VITRINE_WRITE_DOCS=1 ./test`.

            | format | name in the API | extensions | read by | allowed | notes |
            |---|---|---|---|---|---|

            """);
        foreach (var row in FormatTable.Rows)
            page.Append(CultureInfo.InvariantCulture, $"| {row.Title} | `{row.Name}` | {string.Join(' ', row.Extensions)} | {ReadBy(row, bundled)} | {Allowed(row)} | {row.Note} |\n");
        return page.Append("""

            ## Rules

            - **JPEG XL and JPEG 2000** are read where the whole sandbox of decoders holds (`vitrine doctor` tells): their readers take much that is hostile, and a JPEG 2000 file of the
              test corpus corrupts the memory of one of them in a plain decode. A setting of the machine allows them elsewhere, or forbids them.
            - **SVG is off** until a setting of the machine allows it: it is a document, its reader follows much that a document may say, and few libraries of pictures hold any.
            - **SVG** is drawn as a picture of its own size and served as that. The document itself is never served, and nothing that it points to is read.
            - **Camera RAW** is shown by the largest JPEG preview in the file, upright by the file's own orientation. Sensor data is never developed: a file without a preview is `unsupported`.
              An image made so has the format `raw`, and the size of its preview.
            - **Multi-page TIFF**: the first page is the picture, and the number of pages is recorded as its frames. The limit of pixels holds for that page; the other pages are not decoded.
            - **HEIC, AVIF and JPEG XL with several pictures**: the first one.
            - **Everything else** in a folder or an archive (videos too) is counted by extension: `GET /api/v1/libraries/{id}/unread` and the page show it.

            """).ToString();
    }

    private static string ReadBy(FormatRow row, IReadOnlyList<string> bundled) => row.Flavour switch
    {
        DecoderFlavour.Bundled => bundled.Contains(row.Name) ? "bundled" : "bundled, **missing in this build**",
        DecoderFlavour.System => "system",
        _ => "nothing",
    };

    private static string Allowed(FormatRow row) => row switch
    {
        { Access: FormatAccess.Confined, Setting: { } setting } => $"in the sandbox (`{setting}`)",
        { Setting: { } setting } => $"with `{setting}`",
        { Access: FormatAccess.Never } => "-",
        _ => "yes",
    };
}
