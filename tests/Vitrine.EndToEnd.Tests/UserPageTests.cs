using Microsoft.Playwright;
using Vitrine.EndToEnd.Harness;
using static Microsoft.Playwright.Assertions;

namespace Vitrine.EndToEnd;

/// <summary>Users, what is their own, and who has nothing but a link, in a real browser and beneath a base path.</summary>
public sealed class UserPageTests
{
    private const string Admin = "anna";
    private const string Viewer = "ben";
    private const string Password = "correct horse battery staple";
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task AViewerSeesTheGrantedLibraryOnlyAndAStrangerWhatWasShared()
    {
        await using var scene = new Scene();
        scene.Library.AddMany("Alps", 2, 640, 480);
        var other = new Shelf(Path.Combine(scene.Folder, "other"));
        other.AddMany("Sea", 2, 640, 480);
        await using var server = await scene.ServeAsync("--base-path", "/my/pictures");
        await using var browser = await Browser.OpenAsync();
        var page = browser.Page;
        await SetUpAsync(server, page);
        await server.AddLibraryAsync(scene.Library.Root);
        await server.AddLibraryAsync(other.Root);
        await server.IdleAsync(Bound);

        await SeeSharedAsync(await browser.OfStrangerAsync(), await ShareAsync(page, server, "Alps"));
        await page.GotoAsync($"{server.Url}/users");
        await AddViewerAsync(page, "other");
        await Button(page, "Sign out").ClickAsync();
        await SignInAsync(page, Viewer);

        await page.GotoAsync($"{server.Url}/collections");
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "Sea" }).First).ToBeVisibleAsync();
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "Alps" })).ToHaveCountAsync(0);
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "Users", Exact = true })).ToHaveCountAsync(0);
        await MakeAndRevokeKeyAsync(page);
        Assert.Empty(browser.Violations);
    }

    private static async Task<string> ShareAsync(IPage page, Server server, string collection)
    {
        await page.GotoAsync($"{server.Url}/collections");
        await page.GetByRole(AriaRole.Link, new() { Name = collection }).First.ClickAsync();
        await Button(page, "Share").ClickAsync();
        await Button(page, "Make a link").ClickAsync();
        var link = await page.GetByLabel("The link", new() { Exact = true }).InputValueAsync();
        Assert.StartsWith($"{server.Url}/", link, StringComparison.Ordinal);
        return link;
    }

    /// <summary>Both pictures as tiles, and one over the whole window.</summary>
    private static async Task SeeSharedAsync(IPage page, string link)
    {
        await page.GotoAsync(link);
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Alps" })).ToBeVisibleAsync();
        await Expect(page.GetByRole(AriaRole.Listitem).Locator("img")).ToHaveCountAsync(2);
        await page.GetByRole(AriaRole.Listitem).Nth(1).GetByRole(AriaRole.Button).ClickAsync();
        var shown = page.GetByRole(AriaRole.Dialog).Locator("img");
        await Expect(shown).ToBeVisibleAsync();
        await page.WaitForFunctionAsync("() => { const image = document.querySelector('[role=dialog] img'); return image.complete && image.naturalWidth === 640; }");
        await page.Keyboard.PressAsync("Escape");
        await Expect(page.GetByRole(AriaRole.Navigation)).ToHaveCountAsync(0);
    }

    private static async Task AddViewerAsync(IPage page, string library)
    {
        await Button(page, "Add a user").ClickAsync();
        await page.GetByLabel("Name", new() { Exact = true }).FillAsync(Viewer);
        await page.GetByLabel("Password", new() { Exact = true }).FillAsync(Password);
        await page.GetByRole(AriaRole.Checkbox, new() { Name = library, Exact = true }).CheckAsync();
        await Button(page, "Add").ClickAsync();
        await Expect(page.GetByRole(AriaRole.Listitem, new() { Name = Viewer, Exact = true })).ToContainTextAsync($"Sees: {library}");
    }

    private static async Task MakeAndRevokeKeyAsync(IPage page)
    {
        await page.GetByRole(AriaRole.Link, new() { Name = Viewer, Exact = true }).ClickAsync();
        await Button(page, "Make a key").ClickAsync();
        await page.GetByLabel("Name", new() { Exact = true }).FillAsync("backup");
        await Button(page, "Make").ClickAsync();
        Assert.StartsWith("vtr_", await page.GetByLabel("The key", new() { Exact = true }).InputValueAsync(), StringComparison.Ordinal);
        await Button(page, "Done").ClickAsync();
        await Button(page, "Revoke backup").ClickAsync();
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Revoke", Exact = true }).ClickAsync();
        await Expect(Button(page, "Revoke backup")).ToHaveCountAsync(0);
    }

    private static async Task SetUpAsync(Server server, IPage page)
    {
        await page.GotoAsync(await server.SetUpLinkAsync());
        await page.GetByLabel("Name").FillAsync(Admin);
        await page.GetByLabel("Password", new() { Exact = true }).FillAsync(Password);
        await page.GetByLabel("Password again").FillAsync(Password);
        await Button(page, "Make the account").ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Libraries", Exact = true })).ToBeVisibleAsync();
    }

    private static async Task SignInAsync(IPage page, string name)
    {
        await page.GetByLabel("Name").FillAsync(name);
        await page.GetByLabel("Password").FillAsync(Password);
        await Button(page, "Sign in").ClickAsync();
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = name, Exact = true })).ToBeVisibleAsync();
    }

    private static ILocator Button(IPage page, string name) => page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true });
}
