using System.CommandLine;
using Vitrine.Core;
using Vitrine.Core.Jobs;
using Vitrine.Server.Jobs;

namespace Vitrine.Server.Cli;

/// <summary>Arguments and options that the commands below <c>jobs</c> share, checked before anything is done.</summary>
internal static class JobOptions
{
    private const int MaxListed = 10_000;

    public static readonly Argument<string> Id = new("id") { Description = "The job's id, as 'vitrine jobs' prints it." };

    public static readonly Option<int> Limit = InRange(
        new("--limit") { Description = $"How many to print at most, 1 to {MaxListed}.", DefaultValueFactory = _ => 50 }, 1, MaxListed);

    public static readonly Option<int> TimeoutMinutes = InRange(
        new("--timeout-minutes") { Description = $"After how long without progress a job is stale, 1 to {RecoveryEndpoints.MaxTimeoutMinutes}.", DefaultValueFactory = _ => RecoveryEndpoints.DefaultTimeoutMinutes },
        1, RecoveryEndpoints.MaxTimeoutMinutes);

    public static readonly Option<int> OlderThanDays = InRange(
        new("--older-than-days") { Description = $"Days since a job's end, 0 to {RecoveryEndpoints.MaxAgeDays}.", Required = true }, 0, RecoveryEndpoints.MaxAgeDays);

    static JobOptions() => Id.Validators.Add(result =>
    {
        var text = result.Tokens[0].Value;
        if (!Id<Job>.TryParse(text, null, out _)) result.AddError($"'{text}' is not the id of a job: 'vitrine jobs' lists them.");
    });

    private static Option<int> InRange(Option<int> option, int least, int most)
    {
        option.Validators.Add(result =>
        {
            var text = result.Tokens.Count == 1 ? result.Tokens[0].Value : null;
            if (text is not null && !(int.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, out var value) && value >= least && value <= most))
                result.AddError($"{option.Name} is {text}: give a whole number from {least} to {most}.");
        });
        return option;
    }
}
