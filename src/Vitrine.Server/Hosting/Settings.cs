using System.Diagnostics.CodeAnalysis;
using Vitrine.Backends.RabbitMq;
using Vitrine.Backends.Sql.Postgres;
using Vitrine.Core.CacheFolders;
using Vitrine.Core.Decoding;
using Vitrine.Core.Jobs;
using Vitrine.Core.Settings;
using Vitrine.Server.Cli;
using Vitrine.Server.Security.OpenId;
using Vitrine.Server.Shares;

namespace Vitrine.Server.Hosting;

/// <summary>All options of a process, checked: from <c>DATA/vitrine.json</c>, then <c>VITRINE__Section__Name</c>, then the command line.</summary>
internal sealed record Settings(
    ServerOptions Server, NetworkOptions Network, OidcOptions Oidc, ShareOptions Shares, EngineOptions Engine, CacheOptions Cache, DecodeLimits Decode,
    DecoderOptions Decoder, NodeOptions Node, RabbitMqOptions RabbitMq, PostgresOptions Postgres)
{
    public const string FileName = "vitrine.json";

    /// <summary>Where each was given.</summary>
    public required OptionSources Sources { get; init; }

    private const string EnvironmentPrefix = "VITRINE__";

    private static readonly string[] Sections =
        [nameof(Server), nameof(Network), nameof(Oidc), nameof(Shares), nameof(Engine), nameof(Cache), nameof(Decode), nameof(Decoder), nameof(Node), nameof(RabbitMq), nameof(Postgres)];

    /// <param name="given">What the command line says, by <c>Section:Name</c>; null where it says nothing.</param>
    public static Settings Load(string dataFolder, IReadOnlyDictionary<string, string?> given)
    {
        var configuration = Read(dataFolder, given);
        foreach (var section in configuration.GetChildren())
        {
            if (!Sections.Contains(section.Key)) throw Refusal.WrongUse($"The setting '{section.Key}' is not known: sections are {string.Join(", ", Sections[..^1])} and {Sections[^1]}.");
        }
        return new(
            Bind<ServerOptions>(configuration, nameof(Server)),
            Bind<NetworkOptions>(configuration, nameof(Network)),
            Bind<OidcOptions>(configuration, nameof(Oidc)),
            Bind<ShareOptions>(configuration, nameof(Shares)),
            Bind<EngineOptions>(configuration, nameof(Engine)),
            Bind<CacheOptions>(configuration, nameof(Cache)),
            Bind<DecodeLimits>(configuration, nameof(Decode)),
            Bind<DecoderOptions>(configuration, nameof(Decoder)),
            Bind<NodeOptions>(configuration, nameof(Node)),
            Bind<RabbitMqOptions>(configuration, nameof(RabbitMq)),
            Bind<PostgresOptions>(configuration, nameof(Postgres)))
        {
            Sources = new(configuration),
        };
    }

    private static IConfigurationRoot Read(string dataFolder, IReadOnlyDictionary<string, string?> given)
    {
        var file = Path.Combine(dataFolder, FileName);
        var builder = new ConfigurationBuilder();
        if (File.Exists(file)) builder.AddJsonStream(new MemoryStream(File.ReadAllBytes(file)));
        builder.AddEnvironmentVariables(EnvironmentPrefix);
        builder.AddInMemoryCollection(given.Where(option => option.Value is not null));
        try
        {
            return builder.Build();
        }
        catch (Exception bad) when (bad is FormatException or System.Text.Json.JsonException or InvalidDataException)
        {
            throw Refusal.WrongUse($"{file} is not valid JSON: {FirstLine(bad.InnerException ?? bad)}");
        }
    }

    [UnconditionalSuppressMessage("Trimming", "IL2026", Justification = "Options hold numbers, texts and lists of texts.")]
    [UnconditionalSuppressMessage("AOT", "IL3050", Justification = "As above: none of their types is made by reflection alone.")]
    private static T Bind<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.All)] T>(IConfiguration configuration, string section) where T : class, new()
    {
        T options;
        try
        {
            options = configuration.GetSection(section).Get<T>(binder => binder.ErrorOnUnknownConfiguration = true) ?? new();
        }
        catch (InvalidOperationException bad)
        {
            throw Refusal.WrongUse($"A setting of section {section} cannot be used: {FirstLine(bad)}");
        }
        if (MemberRules.Broken(options) is not { } wrong) return options;
        var name = wrong.MemberNames.First();
        var value = typeof(T).GetProperty(name)?.GetValue(options);
        var shown = IsSecret(name) ? "not shown here" : value;
        throw Refusal.WrongUse($"The setting {section}:{name} is {shown}: {wrong.ErrorMessage}");
    }

    /// <summary>An address of a service may hold its password.</summary>
    private static bool IsSecret(string option) => option is "Uri" or "ConnectionString" || option.EndsWith("Secret", StringComparison.Ordinal);

    private static string FirstLine(Exception exception) => exception.Message.ReplaceLineEndings(" ");
}
