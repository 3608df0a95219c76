namespace Vitrine.EndToEnd.Harness;

/// <summary>The lines that a program has written so far, and a wait for one that comes.</summary>
internal sealed class Lines
{
    private readonly Lock _lock = new();
    private readonly List<string> _lines = [];
    private TaskCompletionSource _grown = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _ended;

    public IReadOnlyList<string> All
    {
        get { lock (_lock) return [.. _lines]; }
    }

    public string Text => string.Join('\n', All);

    /// <summary>Enough to see how it ended.</summary>
    public string Tail => string.Join('\n', All.TakeLast(5));

    /// <summary>Null: the stream has ended.</summary>
    public void Add(string? line)
    {
        TaskCompletionSource grown;
        lock (_lock)
        {
            if (line is null) _ended = true;
            else _lines.Add(line);
            grown = _grown;
            _grown = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }
        grown.SetResult();
    }

    /// <summary>The first line that fits, already written or to come; null where the stream ends without one.</summary>
    public async Task<string?> FirstAsync(Func<string, bool> fits, TimeSpan bound)
    {
        using var limit = new CancellationTokenSource(bound * Eventually.Patience);
        for (var from = 0; ;)
        {
            Task grown;
            bool ended;
            lock (_lock)
            {
                for (; from < _lines.Count; from++)
                {
                    if (fits(_lines[from])) return _lines[from];
                }
                (grown, ended) = (_grown.Task, _ended);
            }
            if (ended) return null;
            await grown.WaitAsync(limit.Token);
        }
    }
}
