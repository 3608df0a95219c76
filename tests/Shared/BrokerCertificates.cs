using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Vitrine.Tests.Shared;

/// <summary>An authority made for one test, and a certificate of it for 127.0.0.1, as PEM files.</summary>
/// <param name="OtherAuthorityPath">An authority that has nothing to do with it.</param>
public sealed record BrokerCertificates(string AuthorityPath, string OtherAuthorityPath, string ServerPath, string ServerKeyPath)
{
    public static BrokerCertificates Write(string folder)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var authority = Authority(key);
        using var otherKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var other = Authority(otherKey);
        using var serverKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var server = Server(serverKey, authority);
        var paths = new BrokerCertificates($"{folder}/authority.pem", $"{folder}/other.pem", $"{folder}/server.pem", $"{folder}/server.key");
        File.WriteAllText(paths.AuthorityPath, authority.ExportCertificatePem());
        File.WriteAllText(paths.OtherAuthorityPath, other.ExportCertificatePem());
        File.WriteAllText(paths.ServerPath, server.ExportCertificatePem());
        File.WriteAllText(paths.ServerKeyPath, serverKey.ExportPkcs8PrivateKeyPem());
        return paths;
    }

    private static X509Certificate2 Authority(ECDsa key)
    {
        var request = new CertificateRequest("CN=An authority of tests", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        return request.CreateSelfSigned(DateTimeOffset.UnixEpoch.AddYears(50), DateTimeOffset.UnixEpoch.AddYears(100));
    }

    private static X509Certificate2 Server(ECDsa key, X509Certificate2 authority)
    {
        var request = new CertificateRequest("CN=A broker of tests", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        return request.Create(authority, DateTimeOffset.UnixEpoch.AddYears(51), DateTimeOffset.UnixEpoch.AddYears(99), [1]);
    }
}
