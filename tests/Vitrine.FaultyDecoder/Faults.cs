using System.Runtime.InteropServices;
using System.Text;
using Vitrine.Core.Jobs;
using Vitrine.Decoder;
using Vitrine.Imaging.Sources;

namespace Vitrine.FaultyDecoder;

/// <summary>
/// An original that begins with <c>VITRINE-FAULT crash|hang|sleep|cling|memory|hoard</c> does that to the process that reads it; one that begins with
/// <c>VITRINE-FAULT read FILE</c> reads that file instead, for as long as it lasts; one that begins with <c>VITRINE-FAULT attack NAME FILE</c>
/// does what code would try that took the process over, and its end says how each attempt ended.
/// </summary>
internal sealed unsafe partial class Faults : IReadHook
{
    private const int Block = 16 << 20;

    private static volatile bool _clings;

    /// <summary>Code that took a decoder over can stop the thread that ends it with its input.</summary>
    public static void EndUnlessClinging()
    {
        if (!_clings) Sandbox.End();
    }

    public void OnBytes(ReadOnlySpan<byte> soFar)
    {
        if (!soFar.StartsWith("VITRINE-FAULT "u8)) return;
        var words = Encoding.UTF8.GetString(soFar["VITRINE-FAULT "u8.Length..]).Split('\n', 2)[0].Split(' ', 3);
        switch (words[0])
        {
            case "attack":
                throw new RefusedException(Outcome.Failed, Reason.Corrupt, Attacks.Run(words[1], words.ElementAtOrDefault(2) ?? ""));
            case "cling":
                _clings = true;
                Hang();
                break;
            case "hoard":
                Hoard();
                break;
            case "crash":
                Abort();
                break;
            case "hang":
                Hang();
                break;
            case "sleep":
                Sleep();
                break;
            case "read":
                File.ReadAllBytes(words[1]);
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

    /// <summary>As a decoder whose threads wait for each other.</summary>
    private static void Sleep()
    {
        using var never = new ManualResetEventSlim();
        never.Wait();
    }

    /// <summary>Until it is killed, or refused: then it is the item's failure.</summary>
    private static void EatMemory()
    {
        while (true) NativeMemory.Fill(NativeMemory.Alloc(Block), Block, 1);
    }

    /// <summary>Memory that is filled and then made read-only is not counted as data any more: only who looks from outside sees it.</summary>
    private static void Hoard()
    {
        while (true)
        {
            var block = Attacks.MapPrivate(Block);
            if (block == -1) Hang();
            NativeMemory.Fill((void*)block, Block, 1);
            if (Attacks.MakeReadOnly(block, Block) != 0) Hang();
        }
    }

    [LibraryImport("libc", EntryPoint = "abort")]
    private static partial void Abort();
}
