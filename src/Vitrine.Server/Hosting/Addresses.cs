using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Vitrine.Server.Cli;

namespace Vitrine.Server.Hosting;

/// <summary>The addresses of <c>--urls</c>, parsed before anything starts.</summary>
internal static class Addresses
{
    public static IReadOnlyList<BindingAddress> Parse(string urls) =>
        [.. urls.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(ParseOne)];

    /// <summary>Beyond loopback, a password over plain HTTP can be read on the way.</summary>
    public static bool IsPlainBeyondLoopback(BindingAddress address) => address.Scheme == "http" && !IsLoopback(address);

    public static void Listen(KestrelServerOptions kestrel, BindingAddress address, X509Certificate2? certificate)
    {
        Action<ListenOptions> configure = address.Scheme == "https" ? listen => Encrypt(listen, certificate!) : _ => { };
        if (address.Host == "localhost") kestrel.ListenLocalhost(address.Port, configure);
        else if (IPAddress.TryParse(address.Host.Trim('[', ']'), out var ip)) kestrel.Listen(ip, address.Port, configure);
        else kestrel.ListenAnyIP(address.Port, configure);
    }

    /// <summary>The certificate of https addresses; null where there is none of them.</summary>
    public static X509Certificate2? Certificate(IReadOnlyList<BindingAddress> addresses, ServerOptions options)
    {
        if (addresses.All(address => address.Scheme != "https")) return null;
        if (options.CertificatePath.Length == 0)
            throw Refusal.WrongUse("An https address needs a certificate: set Server:CertificatePath and Server:CertificateKeyPath, or listen on http behind a proxy.");
        try
        {
            return X509Certificate2.CreateFromPemFile(options.CertificatePath, options.CertificateKeyPath.Length > 0 ? options.CertificateKeyPath : null);
        }
        catch (Exception bad) when (bad is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw Refusal.WrongUse($"The certificate '{options.CertificatePath}' cannot be used: {bad.Message} Check Server:CertificatePath and Server:CertificateKeyPath.");
        }
    }

    private static void Encrypt(ListenOptions listen, X509Certificate2 certificate)
    {
        listen.Use(next => connection => PooledConnection.StayOnPoolAsync(next, connection));
        listen.UseHttps(certificate);
    }

    private static BindingAddress ParseOne(string url)
    {
        try
        {
            var address = BindingAddress.Parse(url);
            if (address.Scheme is "http" or "https" && !address.IsUnixPipe && !address.IsNamedPipe && address.PathBase.Length == 0 && address.Port <= IPEndPoint.MaxPort)
                return address;
        }
        catch (FormatException)
        {
            // Answered below: every unfit address gets the same line.
        }
        throw Refusal.WrongUse($"'{url}' is no address to listen on: give one such as http://127.0.0.1:8190, without a path.");
    }

    private static bool IsLoopback(BindingAddress address) =>
        address.Host == "localhost" || (IPAddress.TryParse(address.Host.Trim('[', ']'), out var ip) && IPAddress.IsLoopback(ip));
}
