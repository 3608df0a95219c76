using Vitrine.Core.Derivatives;

namespace Vitrine.Backends.Files;

internal sealed class StagedFile(string temporary, string final) : StagedBlob
{
    private bool _published;

    public override void Publish()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(final)!);
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
