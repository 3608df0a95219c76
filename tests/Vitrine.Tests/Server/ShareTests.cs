using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Vitrine.Core.Libraries;
using Vitrine.Core.Users;
using Vitrine.Server.Shares;

namespace Vitrine.Tests.Server;

/// <summary>What a link shows to somebody without a session, and to whom it belongs.</summary>
public sealed class ShareTests(SeededServer server) : IClassFixture<SeededServer>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_link_shows_the_collection_its_images_and_their_derivatives()
    {
        var visitor = Visitor(await ShareAsync());
        var collection = await Answers.JsonAsync(await visitor.GetAsync("/api/v1/shared", Cancellation));
        Assert.Equal(["expiresAt", "images", "name"], collection.EnumerateObject().Select(property => property.Name).Order());
        var image = Assert.Single((await Answers.JsonAsync(await visitor.GetAsync("/api/v1/shared/images?limit=10", Cancellation))).GetProperty("items").EnumerateArray());
        Assert.Equal(SeededServer.Name, image.GetProperty("name").GetString());
        Assert.Equal(["display", "medium", "thumbnail"], image.GetProperty("urls").EnumerateObject().Select(url => url.Name).Order());

        using var picture = await visitor.GetAsync(image.GetProperty("urls").GetProperty("thumbnail").GetString(), Cancellation);
        Assert.Equal(SeededServer.ThumbnailBytes, await picture.Content.ReadAsByteArrayAsync(Cancellation));
        Assert.Equal("no-cache, private", picture.Headers.CacheControl?.ToString());
        Assert.Equal(ShareVisit.Header, picture.Headers.Vary.Single());
        using var again = new HttpRequestMessage(HttpMethod.Get, $"/api/v1/shared/images/{server.Image}/thumbnail");
        again.Headers.TryAddWithoutValidation("If-None-Match", picture.Headers.ETag!.ToString());
        Assert.Equal(HttpStatusCode.NotModified, (await visitor.SendAsync(again, Cancellation)).StatusCode);
    }

    [Theory]
    [InlineData("full")]
    [InlineData("original")]
    [InlineData("../original")]
    [InlineData("nothing")]
    public async Task Originals_and_pictures_of_their_size_have_no_address_there(string preset) =>
        await Answers.IsProblemAsync(await Visitor(await ShareAsync()).GetAsync($"/api/v1/shared/images/{server.Image}/{preset}", Cancellation), HttpStatusCode.NotFound, "not-found");

    [Fact]
    public async Task Where_the_library_gives_originals_in_place_of_derivatives_a_link_still_does_not()
    {
        var allow = await server.Admin.PatchAsync($"/api/v1/libraries/{server.Library.Id}", Answers.Body("{\"allowMetadata\":true}"), Cancellation);
        Assert.Equal(HttpStatusCode.OK, allow.StatusCode);
        using var direct = await server.Admin.GetAsync($"/api/v1/images/{server.Image}/medium", Cancellation);
        Assert.Equal(SeededServer.OriginalBytes, await direct.Content.ReadAsByteArrayAsync(Cancellation));
        // It cannot be made of these bytes: what may stand in for it is the derivative that is there.
        using var shared = await Visitor(await ShareAsync()).GetAsync($"/api/v1/shared/images/{server.Image}/medium", Cancellation);
        var given = await shared.Content.ReadAsByteArrayAsync(Cancellation);
        Assert.True(shared.StatusCode != HttpStatusCode.OK || given.SequenceEqual(SeededServer.ThumbnailBytes), $"{given.Length} bytes were given that are no derivative.");
    }

    [Fact]
    public async Task A_link_opens_nothing_else()
    {
        var visitor = Visitor(await ShareAsync());
        foreach (var path in new[] { "collections", $"images/{server.Image}", $"images/{server.Image}/thumbnail", $"images/{server.Image}/original", "libraries", "shares" })
            await Answers.IsProblemAsync(await visitor.GetAsync($"/api/v1/{path}", Cancellation), HttpStatusCode.Unauthorized, "unauthenticated");
        await Answers.IsProblemAsync(await visitor.GetAsync("/api/v1/shared/images/999/thumbnail", Cancellation), HttpStatusCode.NotFound, "not-found");
        await Answers.IsProblemAsync(await visitor.GetAsync("/api/v1/shared/images?cursor=x", Cancellation), HttpStatusCode.BadRequest, "bad-cursor");
    }

    [Fact]
    public async Task Every_link_that_does_not_work_is_answered_the_same()
    {
        var (id, revoked) = await AddAsync(server.Admin);
        Assert.Equal(HttpStatusCode.NoContent, (await server.Admin.DeleteAsync($"/api/v1/shares/{id}", Cancellation)).StatusCode);
        var answers = new HashSet<string>();
        foreach (var token in new[] { revoked, new string('A', 43), "", "x", new string('x', 5000) })
        {
            foreach (var path in new[] { "", "/images", $"/images/{server.Image}/thumbnail" })
            {
                using var answer = await Visitor(token).GetAsync($"/api/v1/shared{path}", Cancellation);
                Assert.Equal("no-store", answer.Headers.CacheControl?.ToString());
                answers.Add($"{answer.StatusCode} {await answer.Content.ReadAsStringAsync(Cancellation)}");
            }
        }
        Assert.StartsWith("NotFound", Assert.Single(answers), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Links_belong_to_who_made_them_and_end_with_their_grant()
    {
        var users = server.Services.GetRequiredService<IUserStore>();
        var (ana, ben) = (await MemberAsync(users, "ana"), await MemberAsync(users, "ben"));
        var (id, token) = await AddAsync(ana);
        Assert.Equal(HttpStatusCode.OK, (await Visitor(token).GetAsync("/api/v1/shared", Cancellation)).StatusCode);
        Assert.Equal(1, await CountAsync(ana));
        Assert.Equal(0, await CountAsync(ben));
        Assert.True(await CountAsync(server.Admin) >= 1);
        await Answers.IsProblemAsync(await ben.DeleteAsync($"/api/v1/shares/{id}", Cancellation), HttpStatusCode.NotFound, "not-found");
        await Answers.IsProblemAsync(await server.Viewer.PostAsync("/api/v1/shares", await NewAsync(), Cancellation), HttpStatusCode.NotFound, "not-found");
        Assert.Equal(HttpStatusCode.NoContent, (await server.Admin.DeleteAsync($"/api/v1/shares/{id}", Cancellation)).StatusCode);
        await Answers.IsProblemAsync(await Visitor(token).GetAsync("/api/v1/shared", Cancellation), HttpStatusCode.NotFound, "not-found");
    }

    [Theory]
    [InlineData(0, "")]
    [InlineData(366, "")]
    [InlineData(30, "two\\nlines")]
    public async Task A_link_that_cannot_be_so_is_refused(int days, string label) =>
        await Answers.IsProblemAsync(await server.Admin.PostAsync("/api/v1/shares", await NewAsync(days, label), Cancellation), HttpStatusCode.BadRequest, "bad-request");

    [Fact]
    public async Task The_secret_is_told_once_and_the_owner_of_the_socket_has_no_links()
    {
        using var made = await server.Admin.PostAsync("/api/v1/shares", await NewAsync(label: "for you"), Cancellation);
        Assert.Equal("no-store", made.Headers.CacheControl?.ToString());
        var token = (await Answers.JsonAsync(made)).GetProperty("token").GetString()!;
        Assert.Equal(43, token.Length);
        Assert.DoesNotContain(token, await server.Admin.GetStringAsync("/api/v1/shares", Cancellation), StringComparison.Ordinal);
        await Answers.IsProblemAsync(await server.Socket.PostAsync("/api/v1/shares", await NewAsync(), Cancellation), HttpStatusCode.Forbidden, "forbidden");
    }

    private HttpClient Visitor(string token)
    {
        var client = server.Client(null, withHeader: false);
        client.DefaultRequestHeaders.TryAddWithoutValidation(ShareVisit.Header, token);
        return client;
    }

    private async Task<string> ShareAsync() => (await AddAsync(server.Admin)).Token;

    private async Task<(string Id, string Token)> AddAsync(HttpClient who)
    {
        var made = await Answers.JsonAsync(await who.PostAsync("/api/v1/shares", await NewAsync(), Cancellation));
        return (made.GetProperty("share").GetProperty("id").GetString()!, made.GetProperty("token").GetString()!);
    }

    private async Task<StringContent> NewAsync(int days = 30, string label = "")
    {
        var image = (await server.Services.GetRequiredService<ICatalog>().ImageAsync(Grants.All, server.Image, Cancellation))!;
        return Answers.Body($"{{\"collectionId\":\"{image.Summary.Collection}\",\"days\":{days},\"label\":\"{label}\"}}");
    }

    private async Task<HttpClient> MemberAsync(IUserStore users, string name)
    {
        var user = (await users.AddAsync(new(name, "hash", Role.Viewer, false, [server.Library.Id]), Cancellation))!;
        var token = await server.Services.GetRequiredService<Vitrine.Server.Security.Sessions>().StartAsync(user, "", Cancellation);
        return server.Client($"vitrine={token}");
    }

    private static async Task<int> CountAsync(HttpClient who) =>
        JsonDocument.Parse(await who.GetStringAsync("/api/v1/shares", Cancellation)).RootElement.GetProperty("items").GetArrayLength();
}
