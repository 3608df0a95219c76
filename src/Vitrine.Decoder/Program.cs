using Vitrine.Decoder;
using Vitrine.Imaging;

if (SandboxOptions.Parse(args) is not { } options)
{
    Console.Error.WriteLine("usage: Vitrine.Decoder [--memory BYTES] [--nice N]");
    return 2;
}
Sandbox.IgnoreStops();
if (options.Stage == 1) return Sandbox.Enter(options);
using var output = Sandbox.TakeOutput();
using var input = Sandbox.TakeInput();
new DecoderLoop(input, output).Run(Greeting.For(Sandbox.Limits(options)), Sandbox.End);
return 0;
