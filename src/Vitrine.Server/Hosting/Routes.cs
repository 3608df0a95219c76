namespace Vitrine.Server.Hosting;

/// <summary>Where the API stands.</summary>
internal static class Routes
{
    public const string Api = "/api/v1";
    public const string OpenApi = Api + "/openapi.json";
    public const string Shared = Api + "/shared";
    public const string Jobs = Api + "/cache/processing-jobs";
}
