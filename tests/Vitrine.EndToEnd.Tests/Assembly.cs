using Vitrine.EndToEnd;

// Each test starts programs that use every core, and waits for some: three at a time left a third of two cores idle, four keep them busy and the times sensible.
[assembly: Xunit.v3.Parallelization(MaxThreads = 4)]
[assembly: AssemblyFixture(typeof(BuiltProgram))]

namespace Vitrine.EndToEnd;

/// <summary>Tests that measure times run when no other does.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;

/// <summary>Without the built program no test can run: said once, and clearly.</summary>
public sealed class BuiltProgram
{
    public BuiltProgram()
    {
        foreach (var program in new[] { Harness.Installation.Program, Harness.Installation.FaultyDecoder })
        {
            if (!File.Exists(program)) throw new InvalidOperationException($"{program} is not there: ./vitrine --version builds the program, dotnet build Vitrine.slnx -c Release what its tests need.");
        }
    }
}
