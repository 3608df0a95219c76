using System.ComponentModel.DataAnnotations;
using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Vitrine.Core.CacheFolders;
using Vitrine.Core.Derivatives;
using Vitrine.Server.Hosting;
using Vitrine.Server.Security;

namespace Vitrine.Server.CacheFolders;

internal static class CacheFolderEndpoints
{
    private const int MaxMinutes = 1440;

    public static void MapCacheFolders(this RouteGroupBuilder api)
    {
        var read = api.MapGroup("/cache/folders").WithTags("Cache folders").RequireAuthorization(Policies.Viewer);
        read.MapGet("/", List).WithName("listCacheFolders").WithSummary("Cache folders, the first to be filled first.");

        var check = api.MapGroup("/verify").WithTags("Cache folders").RequireAuthorization(Policies.Admin);
        check.MapPost("/", Verify).WithName("verify").ProducesProblem(400)
            .WithSummary("Compares rows, files and counters. With repair, what is missing or damaged is taken out and made again, and counters are counted anew.");
    }

    private static async Task<Ok<ListShape<CacheFolderShape>>> List(
        ClaimsPrincipal who, ICacheFolderStore folders, IDerivativeStore files, CancellationToken cancellation)
    {
        var all = await folders.ListAsync(cancellation);
        return TypedResults.Ok(new ListShape<CacheFolderShape>(
            [.. all.Select(folder => CacheFolderShape.Of(folder, files.Probe(folder.Path, folder.Marker), who.IsAdmin))], null));
    }

    /// <param name="minutes">Ends after so long, and goes on there the next time; 0 for all of it, from the beginning.</param>
    private static async Task<Ok<Verification>> Verify(
        VerifyRun verify, CancellationToken cancellation, bool repair = false, [Range(0, MaxMinutes)] int minutes = 0) =>
        TypedResults.Ok(await verify.RunAsync(new(repair, minutes == 0 ? null : TimeSpan.FromMinutes(minutes)), cancellation));
}

internal enum FolderFaultShape { Missing, NotOurs, ReadOnly }

/// <param name="Path">For Admins; null for everybody else.</param>
/// <param name="Priority">Higher is filled first.</param>
/// <param name="FloorBytes">Free space of the disk that stays free.</param>
/// <param name="FreeBytes">Free space of the disk now.</param>
/// <param name="ReservedBytes">Promised to work in hand.</param>
/// <param name="Presets">Presets that it takes; empty for all.</param>
internal sealed record CacheFolderShape(
    FolderId Id, string? Path, int Priority, long LimitBytes, long FloorBytes, long FreeBytes, long Blobs, long Bytes, long ReservedBytes,
    IReadOnlyList<string> Presets, bool Active, FolderFaultShape? Fault)
{
    public static CacheFolderShape Of(CacheFolder folder, FolderHealth health, bool showPath) => new(
        folder.Id, showPath ? folder.Path : null, folder.Priority, folder.LimitBytes, folder.FloorBytes, health.FreeBytes, folder.Blobs, folder.Bytes,
        folder.ReservedBytes, folder.Presets, folder.Active, FaultOf(health.Fault));

    private static FolderFaultShape? FaultOf(FolderFault fault) => fault switch
    {
        FolderFault.Missing => FolderFaultShape.Missing,
        FolderFault.NotOurs => FolderFaultShape.NotOurs,
        FolderFault.ReadOnly => FolderFaultShape.ReadOnly,
        _ => null,
    };
}
