using Vitrine.Decoder;
using Vitrine.FaultyDecoder;
using Vitrine.Imaging;
using Vitrine.Imaging.Formats;

// The decoder as it is, limits included, with one thing more: originals that make it die.
if (SandboxOptions.Parse(args) is not { } options) return 2;
Sandbox.IgnoreStops();
if (options.Stage == 1) return Sandbox.Enter(options);
using var output = Sandbox.TakeOutput();
using var input = Sandbox.TakeInput();
new DecoderLoop(input, output, new Faults()).Run(Greeting.For(Codec.StartBundled(), Sandbox.Limits(options)), Sandbox.End);
return 0;
