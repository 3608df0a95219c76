using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Vitrine.Server.Hosting;

namespace Vitrine.Server.Cli;

/// <summary>The owner's API for commands: refusals become one line, and answers become what is printed.</summary>
internal sealed class ApiAccess : IAsyncDisposable
{
    private readonly OwnerAccess _owner;
    private readonly bool _json;

    private ApiAccess(OwnerAccess owner, bool json) => (_owner, _json) = (owner, json);

    /// <summary>Whether nobody works on jobs while this command is all that runs.</summary>
    public bool IsAlone => _owner.IsOwn;

    /// <param name="nothing">What it means to the command that there is no data folder, as in "so no jobs".</param>
    public static async Task<ApiAccess> OpenAsync(ParseResult parsed, string nothing, CancellationToken stop) =>
        new(await OwnerAccess.OpenKnownAsync(parsed, nothing, stop), parsed.GetValue(CommonOptions.Json));

    /// <param name="missing">What to say where the API answers that there is no such thing.</param>
    public async Task<T> AskAsync<T>(Func<ServerClient, Task<T>> ask, string? missing = null)
    {
        try
        {
            return await ask(_owner.Client);
        }
        catch (ProblemException refused)
        {
            var line = refused.Status == 404 && missing is not null ? missing : refused.Message;
            throw refused.Status is 400 or 404 ? Refusal.WrongUse(line) : Refusal.CouldNotRun(line);
        }
    }

    /// <summary>Page after page, up to <paramref name="limit"/> items; the answer's cursor says whether there are more.</summary>
    public async Task<ListShape<T>> AllAsync<T>(string path, int limit, JsonTypeInfo<ListShape<T>> type, CancellationToken stop, string? missing = null)
    {
        var items = new List<T>();
        string? cursor = null;
        do
        {
            var ask = $"{path}{(path.Contains('?', StringComparison.Ordinal) ? '&' : '?')}limit={Math.Min(Lists.MaxLimit, limit - items.Count)}{(cursor is null ? "" : $"&cursor={Uri.EscapeDataString(cursor)}")}";
            var page = await AskAsync(client => client.GetAsync(ask, type, stop), missing);
            items.AddRange(page.Items);
            cursor = page.Next;
        }
        while (cursor is not null && items.Count < limit);
        return new(items, cursor);
    }

    /// <summary>One object with <c>--json</c>, else lines.</summary>
    public int Print<T>(T answer, JsonTypeInfo<T> type, Func<T, IEnumerable<string>> lines)
    {
        if (_json) Console.Out.WriteLine(JsonSerializer.Serialize(answer, type));
        else foreach (var line in lines(answer)) Console.Out.WriteLine(line);
        return ExitCodes.AllDone;
    }

    public ValueTask DisposeAsync() => _owner.DisposeAsync();
}
