using System.Collections.Concurrent;

namespace Vitrine.Bench;

/// <summary>Makes all sizes of one picture and hands each out.</summary>
internal delegate void MakeSizes(string picture, Action<string, ReadOnlySpan<byte>> made);

/// <summary>Two threads that share the pictures of a folder, as all ways of the comparison do.</summary>
internal static class Ways
{
    private const int Threads = 2;

    public static string[] PicturesOf(string folder) => [.. Directory.GetFiles(folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];

    /// <param name="start">Makes what one thread works with.</param>
    public static void Run(string folder, string made, Func<MakeSizes> start)
    {
        var open = new ConcurrentQueue<string>(PicturesOf(folder));
        var threads = Enumerable.Range(0, Threads).Select(_ => new Thread(() => Work(open, made, start()))).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
    }

    private static void Work(ConcurrentQueue<string> open, string made, MakeSizes make)
    {
        while (open.TryDequeue(out var picture))
        {
            var name = Path.GetFileName(picture);
            make(picture, (size, bytes) => File.WriteAllBytes(Path.Combine(made, $"{name}-{size}"), bytes));
        }
    }
}
