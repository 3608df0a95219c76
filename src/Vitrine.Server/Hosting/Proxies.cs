using Microsoft.AspNetCore.HttpOverrides;

namespace Vitrine.Server.Hosting;

/// <summary>Who called whom for how: what a proxy says of its caller counts only from proxies that the settings name.</summary>
internal static class Proxies
{
    public static void UseTrustedProxies(this WebApplication app, NetworkOptions options)
    {
        var trusted = Networks.Parse(options.TrustedProxies) ?? [];
        if (trusted.Count == 0) return;
        var forwarded = new ForwardedHeadersOptions
        {
            ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto,
            // The chain is followed for as long as its links are trusted, whatever its length.
            ForwardLimit = null,
        };
        forwarded.KnownProxies.Clear();
        forwarded.KnownIPNetworks.Clear();
        foreach (var network in trusted) forwarded.KnownIPNetworks.Add(network);
        // A caller over the owner's socket has no address, and the framework would believe it anything.
        app.UseWhen(context => !OwnerSocket.IsOver(context), proxied => proxied.UseForwardedHeaders(forwarded));
    }
}
