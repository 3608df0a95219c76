using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using Vitrine.Core.Users;
using Vitrine.Server.Hosting;
using Vitrine.Server.Security;

namespace Vitrine.Server.Users;

internal static class AuditEndpoints
{
    public static void MapAudit(this RouteGroupBuilder api)
    {
        var group = api.MapGroup("/audit").WithTags("Users").RequireAuthorization(Policies.Admin).WithCursors();
        group.MapGet("/", List).WithName("listAudit").WithSummary("Who did what, newest first.").ProducesProblem(400);
    }

    private static async Task<Ok<ListShape<AuditEntryShape>>> List(
        IAuditStore audit, CancellationToken cancellation, UserId? user = null, [StringLength(100)] string? what = null, string? cursor = null,
        [Range(1, Lists.MaxLimit)] int limit = Lists.DefaultLimit)
    {
        var page = await audit.ListAsync(new(user, what, cursor, limit), cancellation);
        return TypedResults.Ok(new ListShape<AuditEntryShape>([.. page.Items.Select(AuditEntryShape.Of)], page.Next));
    }
}
