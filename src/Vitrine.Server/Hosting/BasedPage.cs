using System.Text;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Primitives;

namespace Vitrine.Server.Hosting;

/// <summary>The page's files, with an index whose <c>base</c> element names the base path: all that the page asks for is relative to that.</summary>
internal sealed class BasedPage(IFileProvider files, string index, BasePath basePath) : IFileProvider
{
    private const string Root = "<base href=\"/\"";

    public IFileInfo GetFileInfo(string subpath)
    {
        var file = files.GetFileInfo(subpath);
        return subpath == index && file.Exists ? Based(file) : file;
    }

    public IDirectoryContents GetDirectoryContents(string subpath) => files.GetDirectoryContents(subpath);

    public IChangeToken Watch(string filter) => files.Watch(filter);

    private Written Based(IFileInfo file)
    {
        using var reader = new StreamReader(file.CreateReadStream());
        var text = reader.ReadToEnd().Replace(Root, $"<base href=\"{basePath.Text}/\"", StringComparison.Ordinal);
        return new(Encoding.UTF8.GetBytes(text), file);
    }

    private sealed class Written(byte[] bytes, IFileInfo original) : IFileInfo
    {
        public bool Exists => true;
        public bool IsDirectory => false;
        public DateTimeOffset LastModified => original.LastModified;
        public long Length => bytes.Length;
        public string Name => original.Name;
        public string? PhysicalPath => null;

        public Stream CreateReadStream() => new MemoryStream(bytes, writable: false);
    }
}
