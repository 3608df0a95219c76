namespace Vitrine.Core.CacheFolders;

/// <summary>Compares rows, files and counters.</summary>
public sealed class Verifier
{
    public Task<Verification> RunAsync(CancellationToken cancellation) => throw new NotImplementedException();
}

/// <param name="Orphans">Files without a row.</param>
/// <param name="Missing">Rows without a file.</param>
/// <param name="Damaged">Files whose size or hash is not the row's.</param>
/// <param name="Differences">One line for each counter that differs from its rows.</param>
public sealed record Verification(
    long Images, long Rows, long Files, long Orphans, long Missing, long Damaged, bool CountersEqual, IReadOnlyList<string> Differences);
