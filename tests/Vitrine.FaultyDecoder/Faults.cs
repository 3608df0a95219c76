using System.Runtime.InteropServices;
using System.Text;
using Vitrine.Imaging.Sources;

namespace Vitrine.FaultyDecoder;

/// <summary>An original that begins with <c>VITRINE-FAULT crash|hang|memory</c> does that to the process that reads it.</summary>
internal sealed unsafe partial class Faults : IReadHook
{
    private const int Block = 16 << 20;

    public void OnBytes(ReadOnlySpan<byte> soFar)
    {
        if (!soFar.StartsWith("VITRINE-FAULT "u8)) return;
        switch (Encoding.ASCII.GetString(soFar["VITRINE-FAULT "u8.Length..]).Split(['\n', ' '], 2)[0])
        {
            case "crash":
                Abort();
                break;
            case "hang":
                Hang();
                break;
            case "memory":
                EatMemory();
                break;
        }
    }

    /// <summary>Busy, as a decoder in an endless loop is: its processor time goes on.</summary>
    private static void Hang()
    {
        for (var turns = 0ul; ; turns++) Thread.SpinWait((int)(turns & 0xff));
    }

    /// <summary>Until it is killed, or refused: then it is the item's failure.</summary>
    private static void EatMemory()
    {
        while (true) NativeMemory.Fill(NativeMemory.Alloc(Block), Block, 1);
    }

    [LibraryImport("libc", EntryPoint = "abort")]
    private static partial void Abort();
}
