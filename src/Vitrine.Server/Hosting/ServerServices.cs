using System.Net;
using Microsoft.Extensions.Logging.Console;
using Vitrine.Core.Libraries;
using Vitrine.Server.CacheFolders;
using Vitrine.Server.Derivatives;
using Vitrine.Server.Health;
using Vitrine.Server.Jobs;
using Vitrine.Server.Libraries;
using Vitrine.Server.Outgoing;
using Vitrine.Server.Security;
using Vitrine.Server.Security.OpenId;
using Vitrine.Server.Shares;
using Vitrine.Server.Statistics;

namespace Vitrine.Server.Hosting;

/// <summary>The web server's own parts, beside the engine and its backends.</summary>
internal static class ServerServices
{
    public static IServiceCollection AddApi(this IServiceCollection services, Settings settings)
    {
        services.AddSingleton<LibrarySight>().AddSingleton<LibraryService>().AddSingleton<LibraryPresenter>().AddSingleton<FormatFacts>();
        services.AddSingleton<PictureSettings>().AddSingleton<PictureFiles>().AddSingleton<Pictures>().AddSingleton<HotPictures>().AddSingleton<FolderPresenter>().AddSingleton<RoomForecast>();
        services.AddSingleton<EngineView>().AddSingleton<JobPresenter>().AddSingleton<JobControl>().AddSingleton<JobStarter>().AddSingleton<BulkOperations>().AddSingleton<JobStream>();
        services.AddSingleton<ProcessTree>().AddHostedService(provider => provider.GetRequiredService<ProcessTree>());
        services.AddRouting();
        services.ConfigureHttpJsonOptions(ApiJson.Configure);
        services.AddProblems();
        services.AddApiDescription();
        services.AddSecurity(settings.Server);
        services.AddEdge(settings);
        return services;
    }

    private static void AddSecurity(this IServiceCollection services, ServerOptions options)
    {
        services.AddSingleton<AccessMemory>().AddHostedService<WithdrawalWatch>().AddSingleton<Sessions>().AddSingleton<ApiKeys>().AddSingleton<Callers>().AddSingleton<SecurityEvents>().AddSingleton<SignIn>().AddSingleton<Accounts>().AddSingleton<SetUp>();
        // The core alone: AddAuthentication would bring data protection, which writes keys into the home folder that nothing here uses.
        services.AddWebEncoders();
        services.AddAuthenticationCore(authentication =>
        {
            authentication.AddScheme<SessionAuthentication>(SessionAuthentication.SchemeName, null);
            authentication.DefaultScheme = SessionAuthentication.SchemeName;
        });
        services.AddPolicies();
        services.AddRateLimits(options);
    }

    /// <summary>What meets others: links for visitors, the OpenID provider, calls to other servers, pages of other origins.</summary>
    private static void AddEdge(this IServiceCollection services, Settings settings)
    {
        services.AddSingleton<Resolve>(Dns.GetHostAddressesAsync).AddSingleton<OutgoingHttp>();
        services.AddOidc(settings.Oidc);
        services.AddShares(settings.Shares);
        services.AddCors();
    }

    /// <summary>One line each, on standard error: standard output belongs to what a command prints.</summary>
    public static void AddConsoleLog(this ILoggingBuilder logging, bool quiet)
    {
        logging.AddConsole(console => console.FormatterName = ConsoleLines.FormatName);
        logging.Services.AddSingleton<ConsoleFormatter, ConsoleLines>().Configure<ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        logging.SetMinimumLevel(quiet ? LogLevel.Error : LogLevel.Information);
        logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);

        // It logs nothing of interest, and as long as it may log it makes an activity with random ids for each request.
        logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None);

        // What keeps a start from succeeding is said by the command, in one line.
        logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None);
        logging.AddFilter("Microsoft.Hosting.Lifetime", LogLevel.Warning);
    }
}
