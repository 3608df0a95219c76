namespace Vitrine.Core.Libraries;

public sealed class Originals
{
    public Task<OriginalContent> OpenAsync(Image image, CancellationToken cancellation) => throw new NotImplementedException();
}

public sealed record OriginalContent(Stream Stream, bool Seekable, long Length);

public sealed class SourceException(string code, string message) : Exception(message)
{
    public string Code { get; } = code;
}
