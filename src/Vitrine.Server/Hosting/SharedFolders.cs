using Vitrine.Core.CacheFolders;
using Vitrine.Core.Derivatives;
using Vitrine.Server.Cli;

namespace Vitrine.Server.Hosting;

/// <summary>
/// Whether the cache folders of a database that several nodes use are the same folders here. Their markers tell. A node that writes into another folder under
/// the same path would be asked for pictures that it does not have.
/// </summary>
internal static class SharedFolders
{
    public static async Task CheckAsync(IServiceProvider services, CancellationToken cancellation)
    {
        var files = services.GetRequiredService<IDerivativeStore>();
        foreach (var folder in await services.GetRequiredService<ICacheFolderStore>().ListAsync(cancellation))
        {
            if (Refusal(folder.Path, files.Probe(folder.Path, folder.Marker).Fault) is { } refusal) throw Cli.Refusal.CouldNotRun(refusal);
        }
    }

    /// <summary>One line: what is wrong, and what to do. Null where the folder can be used, or will be by itself.</summary>
    public static string? Refusal(string path, FolderFault fault) => fault switch
    {
        FolderFault.Missing => $"The cache folder {path} is not there on this node: mount at this place what the other nodes have there, or take the folder out with 'vitrine folders remove'.",
        FolderFault.NotOurs => $"{path} is another folder on this node than on the others: its marker is missing or not the one that is recorded. Mount at this place what the other nodes have there.",
        _ => null,
    };
}
