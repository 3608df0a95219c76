using System.Text;
using Vitrine.Core.Libraries;

namespace Vitrine.Imaging.Sources.Archives;

/// <summary>What a file's name says while its directory is listed: that it is an archive, and of which kind it may be.</summary>
internal static class ArchiveNames
{
    private static readonly (string Ending, ContainerKind Kind)[] Endings =
    [
        (".zip", ContainerKind.Zip), (".cbz", ContainerKind.Zip), (".rar", ContainerKind.Rar), (".cbr", ContainerKind.Rar), (".7z", ContainerKind.SevenZip),
        (".cb7", ContainerKind.SevenZip), (".7z.001", ContainerKind.SevenZip), (".tar", ContainerKind.Tar), (".cbt", ContainerKind.Tar),
        (".tar.gz", ContainerKind.CompressedTar), (".tgz", ContainerKind.CompressedTar), (".tar.bz2", ContainerKind.CompressedTar),
        (".tbz2", ContainerKind.CompressedTar), (".tar.xz", ContainerKind.CompressedTar), (".txz", ContainerKind.CompressedTar),
        (".tar.zst", ContainerKind.CompressedTar), (".tzst", ContainerKind.CompressedTar),
    ];

    public static ContainerKind? KindOf(ReadOnlySpan<byte> name)
    {
        foreach (var (ending, kind) in Endings)
            if (name.Length > ending.Length && Ascii.EqualsIgnoreCase(name[^ending.Length..], ending)) return kind;
        return null;
    }

    /// <summary>The name without what makes it an archive's.</summary>
    public static string Title(string name)
    {
        var ending = Endings.Where(e => name.EndsWith(e.Ending, StringComparison.OrdinalIgnoreCase)).Select(e => e.Ending.Length).DefaultIfEmpty(0).Max();
        return name[..^ending];
    }
}
