using SharpCompress.Common;
using Vitrine.Core.Jobs;

namespace Vitrine.Imaging.Sources.Archives;

/// <summary>
/// What parsers and decompressors throw at bytes that are not what they should be. The library that reads RAR and 7z has exceptions of its own and lets through
/// whatever its arithmetic and its arrays throw; each of these says no more than "broken".
/// </summary>
internal static class ArchiveFaults
{
    public static bool IsBroken(Exception failure) => failure is SharpCompressException or InvalidDataException or EndOfStreamException or ArgumentException
        or ArithmeticException or IndexOutOfRangeException or InvalidOperationException or NotSupportedException or NullReferenceException or InvalidCastException
        or KeyNotFoundException or FormatException;

    /// <summary>Closes what a library opened: it reads on to the end of an entry for that, and stumbles there over the same bytes as before.</summary>
    public static void Close(IDisposable? opened)
    {
        try
        {
            opened?.Dispose();
        }
        catch (Exception broken) when (IsBroken(broken) || broken is IOException)
        {
            // It has been told where the bytes were wanted.
        }
    }

    /// <summary>The entries of a reader whose library throws: its faults become refusals, and what came before stays.</summary>
    public static IEnumerable<T> Named<T>(IEnumerable<T> entries)
    {
        using var walk = entries.GetEnumerator();
        while (true)
        {
            try
            {
                if (!walk.MoveNext()) yield break;
            }
            catch (CryptographicException)
            {
                throw new RefusedException(Outcome.Failed, Reason.Encrypted, "Its list of entries needs a password.");
            }
            catch (Exception broken) when (IsBroken(broken))
            {
                throw RefusedException.BadArchive("Its list of entries cannot be read.");
            }
            yield return walk.Current;
        }
    }
}
