using System.Text;
using Vitrine.Core.Decoding;
using Vitrine.Core.Libraries;

namespace Vitrine.Tests.Imaging;

/// <summary>A library's root in a directory of its own, gone when disposed.</summary>
internal sealed class TestRoot : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("vitrine-imaging-").FullName;

    public string Put(string name, byte[] bytes)
    {
        var path = System.IO.Path.Combine(Path, name);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, bytes);
        return path;
    }

    public ContainerPlace Place(string path = "", ContainerKind kind = ContainerKind.Directory, SourceVersion? version = null) =>
        new(Path, Encoding.UTF8.GetBytes(path), kind, version);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
