using System.Diagnostics;
using Vitrine.Tests.Tidy;

namespace Vitrine.Tests.Server;

/// <summary>The built program, as a user starts it.</summary>
internal static class BuiltProgram
{
    /// <summary>
    /// With its standard streams redirected, and without the profiler that measures this process: under it, code that was compiled ahead is compiled
    /// again at each start. What failed for a moment is tried again after a second, and pictures are not left to settle.
    /// </summary>
    public static ProcessStartInfo StartInfo(IEnumerable<string> arguments)
    {
        var program = Path.Combine(Repository.Root, "artifacts", "program", "vitrine");
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("CORECLR_", StringComparison.Ordinal)).ToList()) start.Environment.Remove(name);
        start.Environment["VITRINE__Engine__RetrySeconds"] = "1";
        start.Environment["VITRINE__Engine__SettleSeconds"] = "0";
        return start;
    }
}
