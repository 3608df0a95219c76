using Vitrine.EndToEnd.Abuse.Attacks;

namespace Vitrine.EndToEnd.Abuse;

/// <summary>Attacks of one request each: what is sent stands in <c>Attacks/</c>, one file a kind.</summary>
[Collection(nameof(AbusedServer))]
public sealed class AttackTests(AbusedServer server, ITestOutputHelper output)
{
    private static readonly Dictionary<string, Func<IEnumerable<Attack>>> Kinds = new()
    {
        ["sign-in bypassed"] = SignInBypass.All,
        ["verbs and case"] = VerbsAndCase.All,
        ["paths"] = Traversal.All,
        ["headers"] = Headers.All,
        ["smuggling"] = Smuggling.All,
        ["another site"] = OtherSites.All,
        ["redirection"] = Redirections.All,
        ["too large"] = Oversized.All,
        ["bad input"] = BadInput.All,
        ["paths and addresses in fields"] = HostileFields.All,
    };

    public static TheoryData<string> KindNames => [.. Kinds.Keys];

    [Theory]
    [MemberData(nameof(KindNames))]
    public Task HeldOff(string kind) => server.TryAsync(kind, Kinds[kind](), output);
}
