using System.CommandLine;
using System.Text.Json;
using Vitrine.Server.Hosting;

namespace Vitrine.Server.Cli;

/// <summary>Looks at everything that Vitrine needs, and says of each what it found and what to do.</summary>
internal static class DoctorCommand
{
    public static Command Create()
    {
        var command = new Command("doctor", "Checks the data folder, the broker, the decoder, cache folders, libraries and the address.")
        {
            CommonOptions.Data, CommonOptions.Json, CommonOptions.AllowNetworkData,
        };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken stop)
    {
        var findings = await Doctor.ExamineAsync(parsed, stop);
        if (parsed.GetValue(CommonOptions.Json))
        {
            Console.Out.WriteLine(JsonSerializer.Serialize(findings, ApiJson.Default.IReadOnlyListFinding));
        }
        else
        {
            foreach (var finding in findings) Console.Out.WriteLine($"{Word(finding.Level),-8} {finding.Check}: {finding.Detail}");
        }
        return findings.Any(finding => finding.Level == FindingLevel.Error) ? ExitCodes.SomeFailed : ExitCodes.AllDone;
    }

    private static string Word(FindingLevel level) => level switch
    {
        FindingLevel.Ok => "ok",
        FindingLevel.Warning => "warning",
        _ => "error",
    };
}
