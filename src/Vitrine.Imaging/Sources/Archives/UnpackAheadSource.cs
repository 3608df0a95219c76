using Vitrine.Core.Decoding;
using Vitrine.Core.Libraries;

namespace Vitrine.Imaging.Sources.Archives;

/// <summary>
/// A sequential container of which the next original is unpacked while the one before is decoded: its originals come one after the other, so no other decoder takes a part of it.
/// At most one original is ahead. Whatever its reading throws is thrown where it is asked for.
/// </summary>
internal sealed class UnpackAheadSource(ISource source) : ISource
{
    /// <summary>An original that claims more is read at its turn: the memory of two such is what a decode may need.</summary>
    private const long MostBytes = 32 << 20;

    private readonly OriginalBytes _ahead = new();
    private IEnumerator<DeriveItem>? _order;
    private Task<DeriveItem?>? _step;
    private Task<SourceVersion?> _read = Task.FromResult<SourceVersion?>(null);

    public ListEnd List(ListRequest request, Action<Listed> send) => source.List(request, send);

    /// <summary>The first is not read ahead: who asks names it before its bytes are touched.</summary>
    public IEnumerable<DeriveItem> InReadingOrder(IReadOnlyList<DeriveItem> items)
    {
        _order = source.InReadingOrder(items).GetEnumerator();
        var item = Step();
        while (item is not null)
        {
            yield return item;
            item = _step is null ? Step() : _step.GetAwaiter().GetResult();
        }
    }

    public SourceVersion Read(RawName name, int occurrence, SourceVersion recorded, OriginalBytes into)
    {
        try
        {
            if (_read.GetAwaiter().GetResult() is not { } read) return source.Read(name, occurrence, recorded, into);
            into.Exchange(_ahead);
            return read;
        }
        finally
        {
            Begin();
        }
    }

    private void Begin()
    {
        _step = Task.Run(Step);
        _read = ReadAsync(_step);
    }

    private DeriveItem? Step() => _order!.MoveNext() ? _order.Current : null;

    private async Task<SourceVersion?> ReadAsync(Task<DeriveItem?> step) =>
        await step is { Version.Size: <= MostBytes } item ? source.Read(new(item.RawName), item.Occurrence, item.Version, _ahead) : null;

    public void Dispose()
    {
        ((Task)_read).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing).GetAwaiter().GetResult();
        _order?.Dispose();
        _ahead.Dispose();
        source.Dispose();
    }
}
