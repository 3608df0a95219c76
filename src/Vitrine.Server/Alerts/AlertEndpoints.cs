using System.ComponentModel.DataAnnotations;
using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Vitrine.Core.Alerts;
using Vitrine.Server.Hosting;
using Vitrine.Server.Security;

namespace Vitrine.Server.Alerts;

internal static class AlertEndpoints
{
    public static void MapAlerts(this RouteGroupBuilder api)
    {
        var group = api.MapGroup("/alerts").WithTags("Alerts").RequireAuthorization(Policies.CacheManager).WithCursors();
        group.MapGet("/", List).WithName("listAlerts").WithSummary("Alerts, those that changed last first.").ProducesProblem(400);
        group.MapPost("/{id}/dismiss", Dismiss).WithName("dismissAlert").WithSummary("It was read: closed until it is raised again.").ProducesProblem(404);
    }

    private static async Task<Ok<ListShape<AlertShape>>> List(
        ClaimsPrincipal who, IAlertStore alerts, CancellationToken cancellation, bool open = false, string? cursor = null,
        [Range(1, Lists.MaxLimit)] int limit = Lists.DefaultLimit)
    {
        var page = await alerts.ListAsync(who.Grants, open, cursor, limit, cancellation);
        return TypedResults.Ok(new ListShape<AlertShape>([.. page.Items.Select(alert => AlertShape.Of(alert, who.IsAdmin))], page.Next));
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> Dismiss(
        AlertId id, ClaimsPrincipal who, IAlertStore alerts, CancellationToken cancellation) =>
        await alerts.DismissAsync(who.Grants, id, cancellation) ? TypedResults.NoContent() : Problems.NotFound.ToResult();
}

/// <param name="Code">Stable.</param>
/// <param name="Subject">What it is about, such as job/12; empty where it is about all.</param>
/// <param name="Raised">How often.</param>
/// <param name="Open">Neither cleared nor dismissed.</param>
/// <param name="LibraryId">The library that it tells of; null: none.</param>
/// <param name="Path">Where on the server. For Admins; null for everybody else.</param>
internal sealed record AlertShape(
    AlertId Id, string Code, string Subject, AlertSeverity Severity, string Message, long Raised, bool Open, DateTimeOffset FirstAt, DateTimeOffset LastAt,
    DateTimeOffset? ClearedAt, DateTimeOffset? DismissedAt, LibraryId? LibraryId, string? Path)
{
    public static AlertShape Of(Alert alert, bool showPath) => new(
        alert.Id, alert.Code, alert.Subject, alert.Severity, alert.Message, alert.Raised, alert.IsOpen, alert.FirstAt, alert.LastAt, alert.ClearedAt,
        alert.DismissedAt, alert.Library, showPath ? alert.Path : null);
}
