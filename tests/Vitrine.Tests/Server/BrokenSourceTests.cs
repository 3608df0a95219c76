using System.Net;

namespace Vitrine.Tests.Server;

/// <summary>What is said when files are not what the rows say.</summary>
public sealed class BrokenSourceTests : IAsyncLifetime
{
    private readonly SeededServer _server = new();

    private string Original => $"/api/v1/images/{_server.Image}/original";

    public ValueTask InitializeAsync() => _server.InitializeAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task A_changed_original_is_not_served_as_the_recorded_one()
    {
        await File.WriteAllBytesAsync(Path.Combine(_server.Root, SeededServer.Name), new byte[10]);
        await Answers.IsProblemAsync(await _server.Admin.GetAsync(Original), HttpStatusCode.Conflict, "source-changed");
    }

    [Fact]
    public async Task A_missing_original_and_an_offline_library_are_told_apart()
    {
        File.Delete(Path.Combine(_server.Root, SeededServer.Name));
        await Answers.IsProblemAsync(await _server.Admin.GetAsync(Original), HttpStatusCode.NotFound, "source-unavailable");
        Directory.Delete(_server.Root);
        await Answers.IsProblemAsync(await _server.Admin.GetAsync(Original), HttpStatusCode.ServiceUnavailable, "source-unavailable");
        var library = await Answers.JsonAsync(await _server.Admin.GetAsync($"/api/v1/libraries/{_server.Library.Id}"));
        Assert.False(library.GetProperty("online").GetBoolean());
    }

    [Fact]
    public async Task Derivatives_are_served_while_the_library_is_offline()
    {
        Directory.Delete(_server.Root, recursive: true);
        using var response = await _server.Admin.GetAsync($"/api/v1/images/{_server.Image}/thumbnail");
        Assert.Equal(SeededServer.ThumbnailBytes, await response.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task A_derivative_without_its_file_is_never_a_broken_answer()
    {
        File.Delete(_server.ThumbnailFile);
        using var response = await _server.Admin.GetAsync($"/api/v1/images/{_server.Image}/thumbnail");
        Assert.True(response.StatusCode is HttpStatusCode.Accepted or HttpStatusCode.UnprocessableEntity, response.StatusCode.ToString());
        Assert.Equal("no-store", response.Headers.GetValues("Cache-Control").Single());
        if (response.StatusCode == HttpStatusCode.Accepted) Assert.Equal("1", response.Headers.GetValues("Retry-After").Single());
    }
}
