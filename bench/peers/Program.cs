using Vitrine.Bench;

// Each way makes the three sizes of every picture in a folder, two pictures at a time; "quality" compares ours with a full decode.
switch (args)
{
    case ["bare", var pictures, var made]:
        Ways.Run(pictures, made, BareLoop.Start);
        return 0;
    case ["skia", var pictures, var made]:
        Ways.Run(pictures, made, () => SkiaPerSize.Make);
        return 0;
    case ["quality", var pictures]:
        Quality.Print(Ways.PicturesOf(pictures));
        return 0;
    default:
        Console.Error.WriteLine("usage: Vitrine.Bench bare|skia PICTURES MADE | quality PICTURES");
        return 2;
}
