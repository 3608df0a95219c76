using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using NetVips;
using Vitrine.Core.Decoding;

namespace Vitrine.Imaging.Formats;

/// <summary>
/// libvips as this program uses it: no operation cache (it gives no speed here and 20% more memory), one thread, and only the
/// loaders of the table; each is called by name after the content was sniffed. Which libvips this is was settled when the process began; here is told
/// which one it is, and so which rows of the table it reads.
/// </summary>
public static partial class Codec
{
    private static readonly Lazy<string> Ready = new(SetUp);

    /// <summary>What this process is; the bundled flavour until the other one is started.</summary>
    public static CodecBuild Build { get; private set; } = new(DecoderFlavour.Bundled, "", ImageFormats.Of(DecoderFlavour.Bundled));

    /// <summary>Sets libvips up, once, as the bundled flavour.</summary>
    public static CodecBuild StartBundled()
    {
        var version = Ready.Value;
        return Build = new(DecoderFlavour.Bundled, version, [.. ImageFormats.Of(DecoderFlavour.Bundled).Where(FormatProbe.Reads)]);
    }

    /// <summary>Sets libvips up as the system's flavour: only what it is asked to read, and really reads.</summary>
    /// <param name="names">Rows of the table; those of another flavour are left out.</param>
    public static CodecBuild StartSystem(IReadOnlyList<string> names)
    {
        var version = Ready.Value;
        var wanted = ImageFormats.Of(DecoderFlavour.System).Where(format => names.Contains(ImageFormats.NameOf(format)));
        return Build = new(DecoderFlavour.System, version, [.. wanted.Where(FormatProbe.Reads)]);
    }

    /// <summary>Of all loaders of libvips these, and no others.</summary>
    internal static void Allow(IEnumerable<ImageFormat> formats)
    {
        foreach (var format in formats)
        {
            if (ImageFormats.LoaderOf(format) is { } loader) Operation.Block(loader, false);
        }
    }

    /// <summary>
    /// A library's initializer runs when its assembly is loaded; in machine code before the program's first line, which would put libvips, and whichever one the system has,
    /// into a process that has no limits yet. There it is left out (Vitrine.Decoder.csproj), and this is what it does.
    /// </summary>
    private static void Load()
    {
        if (ModuleInitializer.VipsInitialized || ModuleInitializer.Exception is not null) return;
        var library = NativeLibrary.Load("libvips.so.42", typeof(ModuleInitializer).Assembly, null);
        // What GLib has stands in it as well.
        NativeLibrary.SetDllImportResolver(typeof(ModuleInitializer).Assembly, (_, _, _) => library);
        ModuleInitializer.VipsInitialized = NetVips.NetVips.Init();
    }

    private static string SetUp()
    {
        Load();
        // Thousands of lines for one damaged file, with its text: what they tell, the answer says.
        Log.SetLogHandler("VIPS", Enums.LogLevelFlags.All, (_, _, _) => { });
        Cache.Max = 0;
        Cache.MaxMem = 0;
        Cache.MaxFiles = 0;
        NetVips.NetVips.Concurrency = 1;
        NetVips.NetVips.BlockUntrusted = true;
        Operation.Block("VipsForeignLoad", true);
        return $"{NetVips.NetVips.Version(0)}.{NetVips.NetVips.Version(1)}.{NetVips.NetVips.Version(2)}";
    }

    /// <summary>libvips' error text is one buffer for the process: without this, one image's text comes out with another's.</summary>
    public static void ForgetErrors() => ClearErrors();

    /// <summary>Whether the failure was for want of memory. Only valid where <see cref="ForgetErrors"/> was called before; the text goes nowhere.</summary>
    public static bool IsOutOfMemory(VipsException failure) =>
        failure.Message.Contains("out of memory", StringComparison.OrdinalIgnoreCase) || failure.Message.Contains("memory allocation", StringComparison.OrdinalIgnoreCase);

    /// <summary>A source over memory that the caller keeps alive and unchanged for as long as images read from it: nothing is copied.</summary>
    internal static Source Over(nint start, int length)
    {
        var source = NewSource(start, (nuint)length);
        return source != 0 ? Wrap(source) : throw new VipsException("no source");
    }

    /// <summary>NetVips makes a source of memory only by copying it: 0.35 ms for each MiB, and twice the memory of a large original.</summary>
    [UnsafeAccessor(UnsafeAccessorKind.Constructor)]
    private static extern Source Wrap(nint pointer);

    [LibraryImport("libvips.so.42", EntryPoint = "vips_error_clear")]
    private static partial void ClearErrors();

    [LibraryImport("libvips.so.42", EntryPoint = "vips_source_new_from_memory")]
    private static partial nint NewSource(nint data, nuint length);
}
