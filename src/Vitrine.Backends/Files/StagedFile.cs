using Vitrine.Core.CacheFolders;
using Vitrine.Core.Derivatives;
using Vitrine.Core.Files;
using Vitrine.Core.Jobs;

namespace Vitrine.Backends.Files;

/// <param name="temporary">Its name now, within the folder.</param>
/// <param name="name">Its final one, as the journal has it.</param>
internal sealed class StagedFile(string folder, LeaseToken lease, string temporary, string name, RefusedPaths? refused) : StagedBlob
{
    private bool _published;

    public override void Publish()
    {
        using var root = CacheRoot.Open(folder, refused);
        root.Append(StagedNames.JournalOf(lease), $"{name}\n");
        root.Publish(temporary, name);
        _published = true;
    }

    public override void Dispose()
    {
        if (_published) return;
        try
        {
            using var root = CacheRoot.Open(folder, refused);
            root.Delete(temporary);
        }
        catch (DirectoryNotFoundException)
        {
            // The lease was taken over, and its staging place with it.
        }
    }
}
