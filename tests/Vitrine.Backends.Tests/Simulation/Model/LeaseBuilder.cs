using Vitrine.Core.Derivatives;
using Vitrine.Core.Jobs;
using Vitrine.Core.Libraries;

namespace Vitrine.Backends.Tests.Simulation.Model;

internal static class LeaseBuilder
{
    public static Lease Build(StoreModel model, SimBatch batch, SimJob job, IEnumerable<SimItem> due)
    {
        var rows = model.Rows;
        var container = rows.Collections[batch.Collection];
        var library = rows.Libraries[batch.Library];
        var items = job.Handler == Handler.Scan
            ? due.Select(item => new WorkItem(item.Item, rows.Collections[item.Item].Path.LastSegment, 0, "", rows.Collections[item.Item].Version ?? default, [], item.Attempts))
            : due.Select(item => (item, Image: rows.Images[item.Item])).OrderBy(i => i.Image.Name, StringComparer.Ordinal).Select(i => new WorkItem(
                i.item.Item, RawName.FromText(i.Image.Name), 0, i.Image.Name, i.Image.Version, Wanted(rows, job, i.Image), i.item.Attempts));
        return new(
            new(batch.Token!.Value), new(batch.Id), new(job.Id), job.Handler, batch.Class, new(library.Id), library.Root, library.Mount, new(container.Id),
            container.Kind, container.Path, container.Version ?? default, [], [.. items], batch.OneByOne, job.Scope!.Force);
    }

    /// <summary>What failed and yet has all is made anew.</summary>
    private static List<Preset> Wanted(Rows rows, SimJob job, SimImage image)
    {
        var wanted = job.Scope!.Presets.Select(PresetSet.BuiltIn.Find).OfType<Preset>().ToList();
        if (job.Scope.Force) return wanted;
        var missing = wanted.Where(preset => !rows.Links.ContainsKey((image.Id, preset.Name))).ToList();
        return missing.Count == 0 && image.State > ImageState.Ready ? wanted : missing;
    }
}
