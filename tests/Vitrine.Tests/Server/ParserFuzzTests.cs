using System.CommandLine;
using System.Text;
using CsCheck;
using Microsoft.AspNetCore.Http;
using Vitrine.Core.Jobs;
using Vitrine.Core.Schedules;
using Vitrine.Server.Cli;
using Vitrine.Server.Hosting;
using Vitrine.Server.Jobs;
using Vitrine.Server.Security;

namespace Vitrine.Tests.Server;

/// <summary>Every parser of the server, over text that is mostly none of theirs: it takes what is written as it would write it, refuses the rest, and never fails.</summary>
public sealed class ParserFuzzTests
{
    private static readonly int Texts = HostileText.Times(4000);

    [Fact]
    public void An_id_is_what_an_id_is_written_as() => HostileText.Any.Sample(text => Assert.True(!ImageId.TryParse(text, null, out var id) || (id.Value > 0 && id.ToString() == text)), iter: Texts);

    [Fact]
    public void A_name_of_a_value_is_letters() =>
        HostileText.Any.Sample(text => Assert.True(!Named<Outcome>.TryParse(text, null, out var named) || (Enum.IsDefined(named.Value) && text.All(char.IsAsciiLetter))), iter: Texts);

    [Fact]
    public void A_size_is_no_less_than_nothing() => HostileText.Any.Sample(text => Assert.True(ByteSize.Parse(text) is null or >= 0), iter: Texts);

    [Fact]
    public void A_time_window_is_read_back_from_what_it_is_written_as() =>
        HostileText.Any.Sample(text => Assert.True(!TimeWindow.TryParse(text, null, out var window) || TimeWindow.Parse(window.ToString(), null) == window), iter: Texts);

    [Fact]
    public void A_cron_time_is_one_or_is_refused_in_one_line()
    {
        var fields = Gen.OneOf("*", "0", "59", "60", "*/5", "*/0", "1-5", "5-1", "mon", "L", "W", "#", "?", "1,2", "1,,2", "99999999999", "-1", "31").Array[4, 6].Select(parts => string.Join(' ', parts));
        Gen.OneOf(fields, HostileText.Any).Sample(
            text => Assert.True(CronTimes.Refusal(text) is null ? CronTimes.After(text, "UTC", DateTimeOffset.UnixEpoch) is not null : CronTimes.Refusal(text)!.Length < 400), iter: Texts);
    }

    [Fact]
    public void A_key_of_a_job_is_short_and_visible() => HostileText.Any.Sample(text =>
    {
        var request = new DefaultHttpContext().Request;
        request.Headers[IdempotencyKey.Header] = text;
        Assert.Equal(text.Length is > 0 and <= IdempotencyKey.MaxLength && text.All(c => c is > ' ' and <= '~'), IdempotencyKey.TryRead(request, out _));
    }, iter: Texts);

    /// <summary>Whatever stands in the header, only the very address that was asked is ours.</summary>
    [Fact]
    public void An_origin_is_ours_or_foreign() => Gen.OneOf(HostileText.Any, HostileText.Any.Select(text => "http://photos.test" + text)).Sample(text =>
    {
        var request = new DefaultHttpContext().Request;
        (request.Scheme, request.Host) = ("http", new("photos.test"));
        request.Headers.Origin = text;
        Assert.Equal(text is not ("http://photos.test" or "http://photos.test:80"), CrossSite.Is(request));
    }, iter: Texts);

    [Fact]
    public void An_address_to_listen_on_is_one_or_wrong_use() => HostileText.Any.Sample(text =>
    {
        try
        {
            Assert.All(Addresses.Parse(text), address => Assert.InRange(address.Port, 0, ushort.MaxValue));
        }
        catch (Refusal refused)
        {
            Assert.Equal(ExitCodes.WrongUse, refused.ExitCode);
        }
    }, iter: Texts);

    /// <summary>A file of settings by anybody: settings within their ranges, or one line.</summary>
    [Fact]
    public void A_file_of_settings_is_settings_or_wrong_use()
    {
        var folder = Directory.CreateTempSubdirectory("vitrine-fuzz-").FullName;
        try
        {
            var section = HostileText.JsonWith(["Workers", "LockOutAttempts", "MaxBodyBytes", "Urls", "SettleSeconds", "ItemCpuSeconds", "Path", "WorkHours", "Unknown"]);
            var file = Gen.Select(Gen.OneOf("Server", "Engine", "Cache", "Decode", "Decoder", "Other", ""), section, (name, body) => $"{{\"{name}\": {body}}}");
            Gen.OneOf(file, HostileText.Any).Sample(text =>
            {
                File.WriteAllBytes(Path.Combine(folder, Settings.FileName), Encoding.UTF8.GetBytes(text));
                try
                {
                    Assert.InRange(Settings.Load(folder, new Dictionary<string, string?>()).Server.LockOutAttempts, 1, 1000);
                }
                catch (Refusal refused)
                {
                    Assert.Equal(ExitCodes.WrongUse, refused.ExitCode);
                    Assert.DoesNotContain('\n', refused.Message);
                }
            }, iter: HostileText.Times(300), threads: 1);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Parsed, and not run: an argument is taken by a command, or it is an error with a text.</summary>
    [Fact]
    public void Arguments_are_a_command_or_errors()
    {
        var commands = new[] { ServeCommand.Create(), ImportCommand.Create(), JobsCommand.Create(), FailuresCommand.Create(), FoldersCommand.Create(), CleanCommand.Create(), UserCommand.Create() };
        var root = new RootCommand();
        foreach (var command in commands) root.Add(command);
        string[] words = [.. commands.SelectMany(Words).Distinct(), "--", "--data", "--data=", "@/etc/passwd", "@", "[suggest]", "[parse]", "[diagram]", "-", ""];
        Gen.OneOf(Gen.OneOf(words), HostileText.Argument).Array[0, 6].Sample(arguments =>
        {
            var parsed = Invocation.Parse(root, arguments);
            Assert.All(parsed.Errors, error => Assert.NotEmpty(error.Message));
        }, iter: HostileText.Times(1500), threads: 1);
    }

    private static IEnumerable<string> Words(Command command) =>
        [command.Name, .. command.Options.Select(option => option.Name), .. command.Subcommands.SelectMany(Words)];
}
