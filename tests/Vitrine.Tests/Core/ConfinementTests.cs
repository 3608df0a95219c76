using Vitrine.Core.Decoding;

namespace Vitrine.Tests.Core;

public sealed class ConfinementTests
{
    [Theory]
    [InlineData("", "system calls, files, truncating, TCP, devices, other processes")]
    [InlineData("seccomp", "files")]
    [InlineData("landlock=1", "system calls, truncating, TCP, devices, other processes")]
    [InlineData("landlock=3", "system calls, TCP, devices, other processes")]
    [InlineData("landlock=4", "system calls, devices, other processes")]
    [InlineData("landlock=7", "system calls")]
    [InlineData("seccomp landlock=1", "")]
    [InlineData("landlock=x", "system calls, files, truncating, TCP, devices, other processes")]
    public void Where_a_part_is_missing_it_is_named_and_the_others_hold(string limits, string missing)
    {
        var confinement = Confinement.Of(new(Hello.CurrentProtocol, "1", [], ["core=0", .. limits.Split(' ', StringSplitOptions.RemoveEmptyEntries)]));
        Assert.Equal(missing, string.Join(", ", confinement.Parts.Where(part => !part.Holds).Select(part => part.Name)));
        Assert.Equal(missing.Length == 0, confinement.IsWhole);
    }
}
