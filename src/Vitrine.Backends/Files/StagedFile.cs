using Vitrine.Core.Derivatives;

namespace Vitrine.Backends.Files;

/// <param name="temporary">Where it stands now.</param>
/// <param name="name">Its final name within the folder, as the journal has it.</param>
internal sealed class StagedFile(string folder, string temporary, string name, string journal) : StagedBlob
{
    private bool _published;

    public override void Publish()
    {
        var final = CachePath.Resolve(folder, name);
        Directories.MakeBelow(folder, Path.GetDirectoryName(final)!);
        File.AppendAllText(journal, $"{name}\n");
        // Names are issued once: a file that is there already is no blob of ours to replace.
        File.Move(temporary, final, overwrite: false);
        _published = true;
    }

    public override void Dispose()
    {
        if (_published) return;
        try
        {
            File.Delete(temporary);
        }
        catch (DirectoryNotFoundException)
        {
            // The lease was taken over, and its staging place with it.
        }
    }
}
