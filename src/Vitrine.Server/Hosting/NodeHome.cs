using Vitrine.Server.Cli;

namespace Vitrine.Server.Hosting;

/// <summary>The name that a data folder has among the nodes. It stays when the machine gets another one, as containers do at each start.</summary>
internal static class NodeHome
{
    private const string FileName = "vitrine.node";

    /// <summary>What the settings say; else what the folder keeps.</summary>
    public static string Of(string dataFolder, string configured)
    {
        if (configured.Length > 0) return configured;
        var file = Path.Combine(dataFolder, FileName);
        try
        {
            if (File.Exists(file) && File.ReadAllText(file).Trim() is { Length: > 0 } kept && !kept.Contains('/', StringComparison.Ordinal)) return kept;
            var made = $"{Environment.MachineName}-{Guid.NewGuid().ToString("N")[..6]}";
            File.WriteAllText(file, made);
            return made;
        }
        catch (Exception denied) when (denied is IOException or UnauthorizedAccessException)
        {
            throw Refusal.CouldNotRun($"'{file}' cannot be used: {denied.Message} It keeps this node's name; give one with VITRINE__Node__Name.");
        }
    }
}
