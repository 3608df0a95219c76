using System.Threading.Channels;
using NetVips;
using Vitrine.Core.Decoding;
using Vitrine.Core.Files;
using Vitrine.Core.Jobs;
using Vitrine.Core.Libraries;
using Vitrine.Imaging.Formats;
using Vitrine.Imaging.Presets;
using Vitrine.Imaging.Sources;
using Vitrine.Imaging.Sources.Archives;

namespace Vitrine.Imaging;

/// <summary>
/// A decoder's life: requests come on one stream, one at a time, and their answers leave on another. Whatever an item throws
/// becomes its answer; what cannot be answered (a crash, an endless loop) is the parent's to see.
/// </summary>
public sealed class DecoderLoop(Stream input, Stream output, IReadHook? hook = null)
{
    private const int DataChunk = 1 << 20;

    /// <summary>So many names take a tenth of a second, and a minute where a network's disk has each of them.</summary>
    private const int LooksOfASign = 50_000;

    private readonly FrameWriter _writer = new(output);

    /// <summary>Answers requests until the input ends.</summary>
    /// <param name="inputClosed">Called at once when the input ends, also in the middle of a decode: the program ends itself there.</param>
    public void Run(Hello hello, Action inputClosed)
    {
        var requests = Channel.CreateBounded<Frame>(1);
        var reader = new Thread(() => ReadRequests(requests.Writer, inputClosed)) { IsBackground = true, Name = "requests" };
        reader.Start();
        _writer.Write(hello);
        using var original = new OriginalBytes();
        while (requests.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
        {
            while (requests.Reader.TryRead(out var request)) Answer(request, original);
        }
    }

    /// <summary>Waits on its own thread, since a decode does not look up when the parent has gone.</summary>
    private void ReadRequests(ChannelWriter<Frame> requests, Action inputClosed)
    {
        var reader = new FrameReader(input);
        while (reader.ReadAsync(CancellationToken.None).AsTask().GetAwaiter().GetResult() is { } frame)
            requests.WriteAsync(frame).AsTask().GetAwaiter().GetResult();
        requests.Complete();
        inputClosed();
    }

    private void Answer(Frame request, OriginalBytes original)
    {
        switch (request.Message)
        {
            case ListRequest list:
                List(list);
                break;
            case CompareRequest compare:
                Compare(compare);
                break;
            case DeriveRequest derive:
                Derive(derive, original);
                break;
            case ShrinkRequest shrink:
                Shrink(shrink, request.Body, original);
                break;
            case ReadRequest read:
                Read(read, original);
                break;
            case SpoolRequest spool:
                Spool(spool, original);
                break;
            default:
                throw new InvalidDataException("The parent sent a message that is no request.");
        }
    }

    private void List(ListRequest request)
    {
        var end = new ListEnd(null, null, 0, 0, new Dictionary<string, int>());
        var refused = Guard(() =>
        {
            using var source = Open(request.Place, request.Limits);
            end = end with { Opened = 1 };
            end = source.List(request, group => _writer.Write(group));
        }, NotAnArchive);
        _writer.Write(refused is null ? end : end with { Reason = refused.Reason });
    }

    private void Compare(CompareRequest request)
    {
        var (same, looks) = (new List<int>(), 0);
        foreach (var (at, directory) in request.Directories.Index())
        {
            Guard(() =>
            {
                using var source = SourceOpener.Directory(new(request.Root, directory.Path, ContainerKind.Directory, null), request.Limits, hook);
                if (source.HasDigest(directory.Digest, request.Exclude, Looked)) same.Add(at);
            }, NotAnArchive);
        }
        _writer.Write(new CompareEnd(same));

        void Looked()
        {
            if (++looks % LooksOfASign == 0) _writer.Write(new Passed());
        }
    }

    private void Derive(DeriveRequest request, OriginalBytes original)
    {
        ISource? source = null;
        try
        {
            var refused = Guard(() => source = Open(request.Place, request.Limits), NotAnArchive);
            if (source is not null && request.Ahead && request.Items.Count > 1) source = new UnpackAheadSource(source);
            if (source is not null) refused = DeriveItems(source, request, original);
            _writer.Write(new DeriveEnd(refused?.Reason, source is null ? 0 : 1));
        }
        finally
        {
            source?.Dispose();
        }
    }

    /// <summary>The way from one item to the next may lead through much of an archive, and fail there: the items behind have no answers.</summary>
    private RefusedException? DeriveItems(ISource source, DeriveRequest request, OriginalBytes original)
    {
        IEnumerator<DeriveItem>? order = null;
        try
        {
            var more = false;
            var refused = Guard(() => order = source.InReadingOrder(request.Items).GetEnumerator(), NotAnArchive);
            while (refused is null && (refused = Guard(() => more = order!.MoveNext(), NotAnArchive)) is null && more)
                DeriveItem(source, order!.Current, request, original);
            return refused;
        }
        finally
        {
            order?.Dispose();
        }
    }

    private void DeriveItem(ISource source, DeriveItem item, DeriveRequest request, OriginalBytes original)
    {
        _writer.Write(new BeginItem(item.Index));
        var begun = Environment.CpuUsage.TotalTime;
        Codec.ForgetErrors();
        SourceVersion? version = null;
        ImageFacts? facts = null;
        byte[]? known = null;
        var deriver = new Deriver(original, item, request.Limits, request.Large);
        var refused = Guard(() =>
        {
            version = source.Read(new RawName(item.RawName), item.Occurrence, item.Version, original);
            known = Recognise(request, original);
            if (known is null) facts = deriver.Derive((message, bytes) => _writer.Write(message, bytes)).Facts;
        }, NotAPicture);
        _writer.Write(new EndItem(item.Index, refused?.Outcome ?? Outcome.Done, refused?.Reason, refused?.Message, version, facts, refused?.NeedsBytes, deriver.Decodes,
            known, refused?.UnreadFormat, (Environment.CpuUsage.TotalTime - begun).TotalMilliseconds));
    }

    private void Shrink(ShrinkRequest request, ReadOnlyMemory<byte> picture, OriginalBytes larger)
    {
        var begun = Environment.CpuUsage.TotalTime;
        Codec.ForgetErrors();
        var refused = Guard(() =>
        {
            larger.Take(picture.Span);
            Frames.GiveBack(picture);
            new Deriver(larger, new(0, [], 0, default, request.Presets), request.Limits, large: false).Shrink((message, bytes) => _writer.Write(message, bytes));
        }, NotAPicture);
        _writer.Write(new ShrinkEnd(refused?.Reason, (Environment.CpuUsage.TotalTime - begun).TotalMilliseconds));
    }

    private static byte[]? Recognise(DeriveRequest request, OriginalBytes original)
    {
        if (request.Known is not { Count: > 0 } known) return null;
        var hash = original.Hash();
        return known.Any(candidate => candidate.AsSpan().SequenceEqual(hash)) ? hash : null;
    }

    private void Read(ReadRequest request, OriginalBytes original)
    {
        var refused = Guard(() =>
        {
            using var source = Open(request.Place, request.Limits);
            source.Read(new RawName(request.RawName), request.Occurrence, request.Version, original);
            WriteData(original);
        }, NotAnArchive);
        _writer.Write(new ReadEnd(refused?.Reason));
    }

    private void Spool(SpoolRequest request, OriginalBytes original)
    {
        var refused = Guard(() =>
        {
            using var source = Open(request.Place, request.Limits);
            if (source is not ArchiveSource archive) throw RefusedException.BadArchive("It is a directory.");
            archive.Spool(request, original, begins =>
            {
                _writer.Write(begins);
                WriteData(original);
            });
        }, NotAnArchive);
        _writer.Write(new ReadEnd(refused?.Reason));
    }

    private void WriteData(OriginalBytes original)
    {
        for (var at = 0; at < original.Length; at += DataChunk)
            _writer.Write(new DataBytes(), original.Span.Slice(at, Math.Min(DataChunk, original.Length - at)));
    }

    private ISource Open(ContainerPlace place, DecodeLimits limits) => SourceOpener.Open(place, limits, hook, () => _writer.Write(new Passed()));

    /// <summary>The one place where a failure becomes an answer. No text of a library's exception goes into it.</summary>
    /// <param name="otherwise">What a failure is that says nothing by its kind.</param>
    private static RefusedException? Guard(Action work, Func<RefusedException> otherwise)
    {
        try
        {
            work();
            return null;
        }
        catch (Exception failure)
        {
            return failure switch
            {
                RefusedException refused => refused,
                OutOfMemoryException => OutOfMemory(),
                VipsException vips when Codec.IsOutOfMemory(vips) => OutOfMemory(),
                LinkRefusedException => RefusedException.Link(),
                FileNotFoundException or DirectoryNotFoundException => RefusedException.Missing(),
                IOException or UnauthorizedAccessException => new(Outcome.Failed, Reason.SourceUnreadable, "Reading it failed."),
                _ => otherwise(),
            };
        }
    }

    private static RefusedException NotAPicture() => RefusedException.Corrupt("It cannot be decoded.");

    private static RefusedException NotAnArchive() => RefusedException.BadArchive("Its structure cannot be read.");

    private static RefusedException OutOfMemory() => new(Outcome.Failed, Reason.OutOfMemory, "Decoding needs more memory than a decoder may have.");
}
