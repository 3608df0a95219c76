using System.Collections.Frozen;
using Vitrine.Core.Users;

namespace Vitrine.Tests.Server;

/// <summary>Who may call an operation.</summary>
internal enum Need
{
    Nobody,

    /// <summary>Whoever has a link's secret: everybody else, signed in or not, learns nothing of it.</summary>
    Link,

    /// <summary>Anybody where there is an OpenID provider, and nobody where there is none.</summary>
    Provider,
    View,
    Download,
    Jobs,
    Admin,

    /// <summary>Somebody by session, and not by key.</summary>
    Person,
}

/// <summary>The matrix, written down by hand: an operation that is not here fails the tests, whatever it declares by itself.</summary>
internal static class Expected
{
    public static readonly FrozenDictionary<string, Need> Needs = Table(
        (Need.Nobody, "isLive isReady isSetUpNeeded setUp signIn getSignInWays"),
        (Need.Link, "getShared listSharedImages getSharedPicture"),
        (Need.Provider, "startOidc finishOidc"),
        (Need.View, """
            getSession signOut getStatus listFormats listLibraries getLibrary listLibraryFailures listUnreadFiles listCollections getCollection listImages
            getImages getThumbnails getImage getNeighbours getRandomImage getPicture showView
            listJobs listResumableJobs streamJobs getJob listFailures listStaleJobs listFailureGroups listStandingFailures exportFailures listDeadBatches
            getCacheStatistics getCacheEffectiveness listPresets listSchedules
            """),
        (Need.Download, "getOriginal"),
        (Need.Jobs, """
            scanLibrary listTrash emptyTrash approveHeldChange rejectHeldChange pinCollection unpinCollection
            startJob pauseJob resumeJob cancelJob prioritiseJob retryJob recoverJobs recoverStaleJobs cleanUpJobs runBulkOperation
            retryFailures ignoreFailures restoreFailures retryDeadBatch dropDeadBatch listAlerts dismissAlert getEngine changeEngine listNodes
            addSchedule changeSchedule removeSchedule addPreset changePreset retirePreset forecastJob getFolderStatistics getCacheDistribution
            listCacheFolders addCacheFolder changeCacheFolder removeCacheFolder drainCacheFolder stopDrainingCacheFolder
            cleanUpCache cleanUpThumbnails cleanUpAll reconcileCacheFolder
            """),
        (Need.Admin, """
            addLibrary addLibraries changeLibrary removeLibrary verify listUsers addUser getUser changeUser removeUser listAudit
            listUserSessions endUserSessions endUserSession listUserApiKeys addUserApiKey revokeUserApiKey
            """),
        (Need.Person, "changePassword listSessions endOtherSessions endSession listApiKeys addApiKey revokeApiKey listShares addShare removeShare"));

    /// <summary>Routes without a name of their own: the description itself, and the page that shows it.</summary>
    public static Need Of(Operation operation) =>
        Needs.TryGetValue(operation.Name, out var need) ? need
        : operation.Method == "GET" && (operation.Route.RoutePattern.RawText ?? "").TrimStart('/').StartsWith("api/", StringComparison.Ordinal) && operation.Name.StartsWith("GET ", StringComparison.Ordinal) ? Need.View
        : throw new InvalidOperationException($"Nobody has said who may call {operation.Name} ({operation.Method} {operation.Route.RoutePattern.RawText}).");

    public static bool May(Need need, Scopes scopes, bool isPerson) => need switch
    {
        Need.Nobody or Need.Link or Need.Provider => true,
        Need.View => scopes.HasFlag(Scopes.View),
        Need.Download => scopes.HasFlag(Scopes.View | Scopes.Download),
        Need.Jobs => scopes.HasFlag(Scopes.Jobs),
        Need.Admin => scopes.HasFlag(Scopes.Admin),
        _ => isPerson,
    };

    private static FrozenDictionary<string, Need> Table(params (Need Need, string Names)[] rows) => rows
        .SelectMany(row => row.Names.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Select(name => (name, row.Need)))
        .ToFrozenDictionary(pair => pair.name, pair => pair.Need, StringComparer.Ordinal);
}
