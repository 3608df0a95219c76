using Microsoft.Playwright;

namespace Vitrine.EndToEnd.Harness;

/// <summary>A browser with one page, which remembers everything that a person would find in the developer's tools.</summary>
internal sealed class Browser : IAsyncDisposable
{
    private const string Chromium = "/usr/bin/chromium";
    private const string Violation = "CSP violation: ";

    private static readonly string[] Arguments =
    [
        "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update",
        "--disable-sync",
    ];

    private readonly IPlaywright _playwright;
    private readonly IBrowser _browser;
    private readonly List<string> _complaints = [];

    private Browser(IPlaywright playwright, IBrowser browser, IPage page) => (_playwright, _browser, Page) = (playwright, browser, page);

    public IPage Page { get; }

    /// <summary>Errors of scripts and of the console, failed answers and violations of the content security policy.</summary>
    public IReadOnlyList<string> Complaints
    {
        get { lock (_complaints) return [.. _complaints]; }
    }

    /// <summary>Of those, what the content security policy has kept the page from.</summary>
    public IEnumerable<string> Violations => Complaints.Where(complaint => complaint.Contains(Violation, StringComparison.Ordinal) || complaint.Contains("Content Security Policy", StringComparison.Ordinal));

    public static async Task<Browser> OpenAsync(int width = 1280, int height = 800)
    {
        Assert.SkipUnless(File.Exists(Chromium), $"{Chromium} is not there.");
        var playwright = await Playwright.CreateAsync();
        var chromium = await playwright.Chromium.LaunchAsync(new() { ExecutablePath = Chromium, Args = Arguments, Headless = true });
        var context = await chromium.NewContextAsync(new() { ViewportSize = new() { Width = width, Height = height } });
        context.SetDefaultTimeout(30_000);
        var page = await context.NewPageAsync();
        var browser = new Browser(playwright, chromium, page);
        await browser.ListenAsync(page);
        return browser;
    }

    /// <summary>A page of somebody else: without cookies.</summary>
    public async Task<IPage> OfStrangerAsync()
    {
        var page = await (await _browser.NewContextAsync()).NewPageAsync();
        await ListenAsync(page);
        return page;
    }

    /// <summary>The number of the picture that is drawn on the screen inside an element.</summary>
    public static async Task<int> NumberOnScreenAsync(ILocator picture) =>
        Pictures.Read(await picture.ScreenshotAsync(new() { Type = ScreenshotType.Png, Animations = ScreenshotAnimations.Disabled }));

    public async ValueTask DisposeAsync()
    {
        await _browser.CloseAsync();
        _playwright.Dispose();
    }

    private async Task ListenAsync(IPage page)
    {
        page.PageError += (_, error) => Complain("script: " + error);
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning" || message.Text.StartsWith(Violation, StringComparison.Ordinal)) Complain($"{message.Type}: {message.Text} {message.Location}");
        };
        page.Response += (_, response) =>
        {
            if (response.Status >= 500 && response.Status != 503) Complain($"{response.Status}: {response.Url}");
        };
        await page.AddInitScriptAsync(
            $"addEventListener('securitypolicyviolation', e => console.error('{Violation}' + e.violatedDirective + ' ' + e.blockedURI))");
    }

    private void Complain(string what)
    {
        lock (_complaints) _complaints.Add(what);
    }
}
