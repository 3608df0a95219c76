using System.Globalization;

namespace Vitrine.EndToEnd.Abuse;

/// <summary>Sessions that somebody else chose, and attempts beyond what is allowed.</summary>
[Collection(nameof(AbusedServer))]
public sealed class SessionTests(AbusedServer server, ITestOutputHelper output)
{
    private const string Fixed = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

    [Fact]
    public async Task ATokenIsChosenByTheServerAndEndsWithItsSession()
    {
        const string kind = "session fixation";
        var first = await server.SendAsync(AbusedServer.SignIn("vera", AbusedServer.Password, $"Cookie: vitrine={Fixed}"));
        var token = AbusedServer.TokenOf(first);
        var cookie = first.First("Set-Cookie")!;
        Note(kind, "a token brought to sign-in", first, token == Fixed ? "it became the session" : null);
        Note(kind, "the brought token afterwards", await SessionOf(Fixed), "401 unauthenticated");
        foreach (var word in new[] { "httponly", "samesite=lax", "path=/" }) Note(kind, $"a cookie with {word}", first, cookie.Contains(word, StringComparison.OrdinalIgnoreCase) ? null : cookie);
        Note(kind, "a cookie for other hosts", first, cookie.Contains("domain", StringComparison.OrdinalIgnoreCase) ? cookie : null);
        Note(kind, "a token in a body", first, first.Body.Contains(token, StringComparison.Ordinal) ? "it is there" : null);

        var second = AbusedServer.TokenOf(await server.SendAsync(AbusedServer.SignIn("carl", AbusedServer.Password, $"Cookie: vitrine={token}")));
        Note(kind, "signing in over another's session", await SessionOf(second), "200");
        Note(kind, "the same token for another user", await SessionOf(token), token == second ? "never" : "200");
        await server.SendAsync(Ask.Bare("DELETE", "/api/v1/session", Ask.Header, $"Cookie: vitrine={token}"));
        Note(kind, "a token after signing out", await SessionOf(token), "401 unauthenticated");
        Note(kind, "the other one after that", await SessionOf(second), "200");
        server.Report.Conclude(kind, output);
    }

    /// <summary>A client is its address, whatever it says of itself; the limit is 30 a minute.</summary>
    [Fact]
    public async Task AttemptsAreCountedByAddressWhateverHeadersSay()
    {
        const string kind = "rate limit of signing in";
        const byte client = 9;
        Answer last = null!;
        for (var i = 0; i < 40; i++)
        {
            var address = string.Create(CultureInfo.InvariantCulture, $"10.0.0.{i}");
            last = await server.SendAsync(AbusedServer.SignIn($"nobody{i}", "wrong wrong wrong", $"X-Forwarded-For: {address}", $"Forwarded: for={address}", $"X-Real-IP: {address}", $"True-Client-IP: {address}"), client);
        }
        Note(kind, "forty attempts, each with another forwarded address", last, "429 rate-limited");
        Note(kind, "when to come again", last, last.First("Retry-After") is null ? "it is not said" : null);
        Note(kind, "another spelling of the route", await server.SendAsync(AbusedServer.SignIn("nobody", "x").Replace("/api/v1/session", "/API/v1/%53ession/", StringComparison.Ordinal), client), "429 rate-limited");
        Note(kind, "another client meanwhile", await server.SendAsync(AbusedServer.SignIn("nobody", "wrong wrong wrong"), client: 10), "401 unauthenticated");
        server.Report.Conclude(kind, output);
    }

    /// <summary>Each spelling of a name is either another name or the same account, with the same count.</summary>
    [Fact]
    public async Task AnAccountIsLockedUnderEverySpellingOfItsName()
    {
        const string kind = "lock-out of an account";
        const byte client = 11;
        await server.AddUserAsync("Élise", "Viewer");
        string[] spellings = ["Élise", "élise", "ÉLISE", "É\\u006Cise", " Élise", "Élise ", "E\u0301lise", "Élise\\u0000", "Elise"];
        var reaching = new List<string>();
        foreach (var spelling in spellings)
        {
            if ((await server.SendAsync(AbusedServer.SignIn(spelling, AbusedServer.Password), client)).Status == 200) reaching.Add(spelling);
        }
        Assert.NotEmpty(reaching);
        for (var i = 0; i < 5; i++) await server.SendAsync(AbusedServer.SignIn(reaching[i % reaching.Count], "wrong wrong wrong"), client);
        foreach (var spelling in reaching)
        {
            // Locked, or tried too often within the minute: either way the right password is of no use now.
            var answer = await server.SendAsync(AbusedServer.SignIn(spelling, AbusedServer.Password), client);
            Note(kind, $"the right password after five wrong ones, as '{spelling}'", answer, answer.Status is 401 or 429 ? null : "it was let in");
        }
        server.Report.Conclude(kind, output);
    }

    private Task<Answer> SessionOf(string token) => server.SendAsync(Ask.Get("/api/v1/session", $"Cookie: vitrine={token}"));

    /// <param name="heldOrBroke">The answer that holds; or null where it held, or else what broke.</param>
    private void Note(string kind, string name, Answer answer, string? heldOrBroke)
    {
        var isAnswer = heldOrBroke is not null && char.IsAsciiDigit(heldOrBroke[0]);
        var broke = isAnswer && answer.Short != heldOrBroke ? $"held is {heldOrBroke}" : isAnswer ? null : heldOrBroke;
        server.Report.Add(kind, name, answer.Short, broke ?? server.Verdict.OfAny(answer, mayKnowPaths: false));
    }
}
