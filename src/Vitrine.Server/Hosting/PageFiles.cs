using Microsoft.Extensions.FileProviders;

namespace Vitrine.Server.Hosting;

/// <summary>
/// The page: files of <c>wwwroot</c> beside the program, and its index for every route of the page. They hold no secrets and need no sign-in.
/// </summary>
internal static class PageFiles
{
    private const string Index = "/index.html";

    /// <summary>The bundler puts a hash into the names of what stands here.</summary>
    private const string HashedAssets = "/assets";

    public static string Folder => Path.Combine(AppContext.BaseDirectory, "wwwroot");

    /// <summary>After routing: only what is no route of the API can be a page.</summary>
    public static void UsePageFiles(this WebApplication app, string folder)
    {
        if (!Directory.Exists(folder)) return;
        IFileProvider files = new PhysicalFileProvider(folder);
        var basePath = app.Services.GetRequiredService<BasePath>();
        if (basePath.Text.Length > 0) files = new BasedPage(files, Index, basePath);
        app.UseWhen(IsForPage, page =>
        {
            page.Use((context, next) =>
            {
                // A path without an extension is a route of the page itself.
                if (!Path.HasExtension(context.Request.Path)) context.Request.Path = Index;
                return next(context);
            });
            page.UseStaticFiles(new StaticFileOptions { FileProvider = files, OnPrepareResponse = context => SetHeaders(context.Context) });
        });
    }

    private static bool IsForPage(HttpContext context) =>
        context.GetEndpoint() is null
        && (HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method))
        && !context.Request.Path.StartsWithSegments("/api") && !context.Request.Path.StartsWithSegments("/health");

    private static void SetHeaders(HttpContext context)
    {
        var hashed = context.Request.Path.StartsWithSegments(HashedAssets);
        context.Response.Headers.CacheControl = hashed ? "public, max-age=31536000, immutable" : "no-cache";
        WebHeaders.SetForPage(context.Response.Headers);
    }
}
