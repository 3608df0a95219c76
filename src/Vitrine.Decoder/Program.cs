using Vitrine.Decoder;
using Vitrine.Imaging;
using Vitrine.Imaging.Formats;

if (SandboxOptions.Parse(args) is not { } options)
{
    Console.Error.WriteLine("usage: Vitrine.Decoder [--memory BYTES] [--nice N] [--parent ID] [--read FOLDER]... [--libraries FOLDER --formats NAME,... --confined-formats NAME,...]");
    return 2;
}
Sandbox.IgnoreStops();
if (options.Stage == 1) return Sandbox.Enter(options);
var isFiltered = Sandbox.Close(options);
using var output = Sandbox.TakeOutput();
using var input = Sandbox.TakeInput();
var formats = options.Libraries is null ? Codec.StartBundled() : Codec.StartSystem(Sandbox.FormatsOf(options, isFiltered));
new DecoderLoop(input, output).Run(Greeting.For(formats, Sandbox.Limits(options, isFiltered)) with { Roots = options.Roots }, Sandbox.End);
return 0;
