using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Vitrine.Server.Hosting;
using Vitrine.Server.Security;

namespace Vitrine.Tests.Server;

public sealed class HttpsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("vitrine-test-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Over_https_the_cookie_is_bound_to_the_host_and_to_https()
    {
        var data = Directory.CreateDirectory(Path.Combine(_folder, "data")).FullName;
        var settings = JsonSerializer.Serialize(new { Server = new { CertificatePath = MakeCertificate() } });
        await File.WriteAllTextAsync(Path.Combine(data, Settings.FileName), settings);
        await using var owner = await Owner.PrepareAsync(new(data, AllowNetwork: false, Urls: "https://127.0.0.1:0", Works: false, Quiet: true), CancellationToken.None);
        var token = await owner.StartAsync(CancellationToken.None);

        using var handler = new HttpClientHandler { ServerCertificateCustomValidationCallback = HttpClientHandler.DangerousAcceptAnyServerCertificateValidator, UseCookies = false };
        using var client = new HttpClient(handler) { BaseAddress = new(owner.Urls[0]) };
        client.DefaultRequestHeaders.Add(Gates.Header, "1");
        using var made = await client.PostAsync("/api/v1/set-up", Answers.Body(JsonSerializer.Serialize(new { token, name = "ada", password = TestServer.Password })));
        var cookie = made.Headers.GetValues("Set-Cookie").Single();
        Assert.StartsWith("__Host-vitrine=", cookie, StringComparison.Ordinal);
        foreach (var flag in new[] { "secure", "httponly", "path=/", "samesite=lax" }) Assert.Contains(flag, cookie, StringComparison.OrdinalIgnoreCase);
    }

    private string MakeCertificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256).CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        var path = Path.Combine(_folder, "certificate.pem");
        File.WriteAllText(path, certificate.ExportCertificatePem() + "\n" + key.ExportPkcs8PrivateKeyPem() + "\n");
        return path;
    }
}
