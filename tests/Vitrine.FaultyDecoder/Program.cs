using Vitrine.Decoder;
using Vitrine.FaultyDecoder;
using Vitrine.Imaging;
using Vitrine.Imaging.Formats;

// The decoder as it is, limits included, with one thing more: originals that make it die, or attack from within. "--unconfined" leaves the filter of system calls
// and the rules of files away, to show what they keep and what they cost.
const string Unconfined = "--unconfined";
var isConfined = !args.Contains(Unconfined);
if (SandboxOptions.Parse([.. args.Where(argument => argument != Unconfined)]) is not { } options) return 2;
Sandbox.IgnoreStops();
if (options.Stage == 1)
{
    if (isConfined) return Sandbox.Enter(options);
    return Sandbox.TakeLimits(options) ? Sandbox.Become(Environment.ProcessPath!, options, Unconfined) : 3;
}
var isFiltered = isConfined && Sandbox.Close(options);
using var output = Sandbox.TakeOutput();
using var input = Sandbox.TakeInput();
new DecoderLoop(input, output, new Faults()).Run(Greeting.For(Codec.StartBundled(), Sandbox.Limits(options, isFiltered)) with { Roots = options.Roots }, Faults.EndUnlessClinging);
return 0;
