namespace Vitrine.Core.Derivatives;

/// <summary>Small files of cache folders, whole and with as few calls of the kernel as there are. What is not to be had so, for whatever reason, is read through <see cref="IDerivativeStore.Open"/>, which tells it.</summary>
public interface ISmallFiles
{
    /// <summary>Reads a file of a known size. False: not so, and what is in the buffer is worth nothing.</summary>
    /// <param name="into">Of the file's size.</param>
    bool Read(string folderPath, string name, Span<byte> into);
}
