using System.Security.Claims;
using Vitrine.Core.CacheFolders;
using Vitrine.Core.Derivatives;
using Vitrine.Server.Security;

namespace Vitrine.Server.CacheFolders;

/// <summary>Cache folders as callers see them, with their disks as they are now.</summary>
internal sealed class FolderPresenter(IDerivativeStore files, CacheOptions options)
{
    public CacheFolderShape Shape(CacheFolder folder, ClaimsPrincipal who) => CacheFolderShape.Of(
        folder, files.Probe(folder.Path, folder.Marker), new(options.HighWaterPercent, options.LowWaterPercent), who.IsAdmin);
}
