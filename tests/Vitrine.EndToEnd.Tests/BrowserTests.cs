using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Vitrine.EndToEnd.Harness;
using static Microsoft.Playwright.Assertions;

namespace Vitrine.EndToEnd;

/// <summary>What a person does in the first five minutes, in a real browser.</summary>
public sealed partial class BrowserTests
{
    private const string Name = "anna";
    private const string Password = "correct horse battery staple";
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task FromThePrintedLinkToAPictureOnTheScreen()
    {
        await using var scene = new Scene();
        scene.Library.AddMany("Alps", 30, 900, 675).AddMany("Alps/Mountain huts", 6, 640, 480).AddZip("Comic.cbz", 12, 600, 900).Write("Alps/zz-broken.jpg", "no picture");
        await using var server = await scene.ServeAsync();
        await using var browser = await Browser.OpenAsync();

        await SetUpAsync(server, browser.Page);
        await AddLibraryAsync(browser.Page, scene.Library.Root);
        await SeeCollectionsAsync(browser.Page);
        await SeeCollectionAsync(browser.Page, server);
        await ViewAsync(browser.Page);
        await FindFailureAsync(browser.Page);

        Assert.Empty(browser.Complaints);
    }

    /// <summary>Covers appear while the job runs, without a reload.</summary>
    [Fact]
    public async Task CoversAppearWhileTheJobRuns()
    {
        await using var scene = new Scene();
        scene.Environment["VITRINE__Engine__Workers"] = "1";
        for (var i = 0; i < 12; i++) scene.Library.AddMany($"Folder {i:00}", 20, 900, 700);
        await using var server = await scene.ServeAsync();
        await using var browser = await Browser.OpenAsync();
        await SetUpAsync(server, browser.Page);
        await MainLink(browser.Page, "Collections").ClickAsync();

        // The job is held in its middle, so that what is seen is seen while it runs, however fast this machine is.
        await server.AddLibraryAsync(scene.Library.Root);
        await Eventually.TrueAsync("the first cover is made", Bound, async () => (await server.Api.AllAsync("collections")).Any(found => !found["cover"].IsNull));
        var derive = (await server.JobsAsync()).Single(job => job["type"].Text == "derive");
        await server.Api.PostAsync($"cache/processing-jobs/{derive["id"]}/pause");
        await Expect(browser.Page.GetByAltText(CoverOf()).First).ToBeVisibleAsync(new() { Timeout = 60_000 });
        Assert.False(await server.IsIdleAsync());

        await server.Api.PostAsync($"cache/processing-jobs/{derive["id"]}/resume");
        await Expect(browser.Page.GetByAltText(CoverOf())).ToHaveCountAsync(12, new() { Timeout = 60_000 });
        Assert.Empty(browser.Complaints);
    }

    /// <summary>A page that is left open finds its way back after the server was restarted.</summary>
    [Fact]
    public async Task SigningInAgainAndReloadingKeepThePlace()
    {
        await using var scene = new Scene();
        scene.Library.AddMany("Alps", 5, 640, 480);
        await using var server = await scene.ServeAsync("--library", scene.Library.Root);
        await using var browser = await Browser.OpenAsync();
        var page = browser.Page;
        await SetUpAsync(server, page);
        await server.IdleAsync(Bound);
        await page.GotoAsync($"{server.Url}/collections");
        await page.GetByRole(AriaRole.Link, new() { Name = "Alps" }).ClickAsync();
        await page.GetByRole(AriaRole.Listitem).First.GetByRole(AriaRole.Link).ClickAsync();
        await Expect(page).ToHaveURLAsync(new Regex("/images/"));
        var place = page.Url;

        await page.ReloadAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "p0000" })).ToBeVisibleAsync();
        await page.Keyboard.PressAsync("Escape");
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).ClickAsync();
        await page.GotoAsync(place);
        await page.GetByLabel("Name").FillAsync(Name);
        await page.GetByLabel("Password").FillAsync(Password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();

        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "p0000" })).ToBeVisibleAsync();
        Assert.Equal(place, page.Url);
    }

    /// <summary>What a folder holds moves to another one that was added on the page, and the empty one goes.</summary>
    [Fact]
    public async Task CacheFoldersAreRefusedAddedDrainedAndRemoved()
    {
        await using var scene = new Scene();
        scene.Library.AddMany("Alps", 12, 640, 480);
        await using var server = await scene.ServeAsync("--library", scene.Library.Root);
        await using var browser = await Browser.OpenAsync();
        var page = browser.Page;
        await SetUpAsync(server, page);
        await server.IdleAsync(Bound * 3);
        var (first, second) = (FolderCard(page, Path.Combine(scene.Data, "cache")), FolderCard(page, Path.Combine(scene.Folder, "second")));

        await MainLink(page, "Cache").ClickAsync();
        await Expect(first).ToContainTextAsync("Files24");
        await Expect(page.GetByRole(AriaRole.Region, new() { Name = "What is cached" })).ToContainTextAsync("Cached12");
        await Expect(page.GetByRole(AriaRole.Region, new() { Name = "What it is good for" })).ToContainTextAsync("Hit rate");
        await page.GetByRole(AriaRole.Button, new() { Name = "Add a folder" }).ClickAsync();
        await page.GetByLabel("Folder", new() { Exact = true }).FillAsync(Path.Combine(scene.Library.Root, "within"));
        await page.GetByLabel("Keep free").FillAsync("0");
        await page.GetByRole(AriaRole.Button, new() { Name = "Add", Exact = true }).ClickAsync();
        await Expect(page.GetByLabel("Folder", new() { Exact = true })).ToHaveAttributeAsync("aria-invalid", "true");
        await page.GetByLabel("Folder", new() { Exact = true }).FillAsync(Path.Combine(scene.Folder, "second"));
        await page.GetByRole(AriaRole.Button, new() { Name = "Add", Exact = true }).ClickAsync();
        await Expect(second).ToContainTextAsync("Files0");

        await ConfirmAsync(page, first, "Drain");
        await Expect(first).ToContainTextAsync("Drained", new() { Timeout = 30_000 });
        await ConfirmAsync(page, first, "Remove");
        await Expect(first).ToHaveCountAsync(0);
        await Expect(second).ToContainTextAsync("Files24");
        await MainLink(page, "Collections").ClickAsync();
        await Expect(page.GetByAltText(CoverOf())).ToHaveCountAsync(1);
        Assert.Empty(browser.Violations);
    }

    private static ILocator FolderCard(IPage page, string path) => page.GetByRole(AriaRole.Article, new() { Name = path, Exact = true });

    private static async Task ConfirmAsync(IPage page, ILocator card, string action)
    {
        await card.GetByRole(AriaRole.Button, new() { Name = action, Exact = true }).ClickAsync();
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = action, Exact = true }).ClickAsync();
    }

    private static async Task SetUpAsync(Server server, IPage page)
    {
        await page.GotoAsync(await server.SetUpLinkAsync());
        await page.GetByLabel("Name").FillAsync(Name);
        await page.GetByLabel("Password", new() { Exact = true }).FillAsync(Password);
        await page.GetByLabel("Password again").FillAsync(Password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Make the account" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Libraries", Exact = true })).ToBeVisibleAsync();
    }

    private static async Task AddLibraryAsync(IPage page, string root)
    {
        await page.GetByRole(AriaRole.Button, new() { Name = "Add a library" }).ClickAsync();
        await page.GetByLabel("Folder").FillAsync(root);
        await page.GetByRole(AriaRole.Button, new() { Name = "Add and scan" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Article, new() { Name = "library" })).ToContainTextAsync(root);
        await Expect(page.GetByRole(AriaRole.Article, new() { Name = "library" })).ToContainTextAsync(new Regex("Ready48"), new() { Timeout = 60_000 });
    }

    private static async Task SeeCollectionsAsync(IPage page)
    {
        await MainLink(page, "Collections").ClickAsync();
        await Expect(page.GetByAltText(CoverOf())).ToHaveCountAsync(3);
        await Expect(page.GetByRole(AriaRole.Listitem).Filter(new() { HasText = "Comic" })).ToContainTextAsync("12 images");
        await Expect(page.GetByRole(AriaRole.Listitem).Filter(new() { HasText = "Alps" }).First).ToContainTextAsync("1 failed");
    }

    private static async Task SeeCollectionAsync(IPage page, Server server)
    {
        await page.GetByRole(AriaRole.Link, new() { Name = "Comic" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Listitem)).ToHaveCountAsync(12);
        await Expect(page.GetByRole(AriaRole.Listitem).Locator("img")).ToHaveCountAsync(12);
        var comic = (await server.Api.AllAsync("collections")).Single(found => found["name"].Text == "Comic");
        var names = (await server.Api.AllAsync($"collections/{comic["id"]}/images")).Select(image => image["name"].Text);
        Assert.Equal(names, (await page.GetByRole(AriaRole.Listitem).AllInnerTextsAsync()).Select(text => text.Trim()));
    }

    /// <summary>Arrows go through the collection, and what stands on the screen is the picture of that name.</summary>
    private static async Task ViewAsync(IPage page)
    {
        await page.GetByRole(AriaRole.Listitem).First.GetByRole(AriaRole.Link).ClickAsync();
        for (var i = 1; i <= 3; i++)
        {
            await SeeWholePictureAsync(page, i);
            await page.Keyboard.PressAsync("ArrowRight");
        }
        await page.Keyboard.PressAsync("ArrowLeft");
        await SeeWholePictureAsync(page, 3);

        await page.Keyboard.PressAsync("+");
        await Expect(page.GetByTitle("Fit the screen")).ToHaveTextAsync("125%");
        await page.Keyboard.PressAsync("0");
        await Expect(page.GetByTitle("Fit the screen")).ToHaveTextAsync("100%");
        await page.Keyboard.PressAsync("Escape");
        await Expect(page).ToHaveURLAsync(new Regex("/collections/"));
        await Expect(page.GetByRole(AriaRole.Listitem)).ToHaveCountAsync(12);
    }

    private static async Task SeeWholePictureAsync(IPage page, int position)
    {
        await Expect(page.GetByLabel($"Image {position} of 12")).ToBeVisibleAsync();
        var name = await page.GetByRole(AriaRole.Heading, new() { Level = 1 }).InnerTextAsync();
        var picture = page.GetByAltText(name, new() { Exact = true });
        await Expect(picture).ToBeVisibleAsync();
        await page.WaitForFunctionAsync("alt => [...document.images].some(image => image.alt === alt && image.complete && image.naturalWidth > 0)", name);
        Assert.Equal(int.Parse(Digits().Match(name).Value, CultureInfo.InvariantCulture), await Browser.NumberOnScreenAsync(picture));
    }

    private static async Task FindFailureAsync(IPage page)
    {
        await MainLink(page, "Collections").ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Alps" }).First.ClickAsync();
        await page.Keyboard.PressAsync("End");
        await page.GetByTitle("zz-broken.jpg").ClickAsync();
        await Expect(page.GetByText("This image could not be read")).ToBeVisibleAsync();
        await page.Keyboard.PressAsync("Escape");
        await Expect(page).ToHaveURLAsync(new Regex("/collections/"));
    }

    private static ILocator MainLink(IPage page, string name) =>
        page.GetByRole(AriaRole.Navigation, new() { Name = "Main" }).GetByRole(AriaRole.Link, new() { Name = name });

    [GeneratedRegex("^Cover of ")]
    private static partial Regex CoverOf();

    [GeneratedRegex(@"\d{5}")]
    private static partial Regex Digits();
}
