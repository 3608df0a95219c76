using System.Security.Cryptography;
using System.Text;

namespace Vitrine.Tests.Shared;

/// <summary>Who may use a broker of tests.</summary>
public static class BrokerUsers
{
    /// <summary>May do everything.</summary>
    public const string Owner = "vitrine";

    /// <summary>May enter the virtual host '/' and do nothing there.</summary>
    public const string Visitor = "visitor";

    /// <summary>Of both.</summary>
    public const string Password = "of-tests";

    /// <summary>Read by the broker at its start, so that no command has to be run for them.</summary>
    public static string Definitions() =>
        $$"""
        {
          "users": [{{User(Owner)}}, {{User(Visitor)}}],
          "vhosts": [{"name": "/"}],
          "permissions": [
            {"user": "{{Owner}}", "vhost": "/", "configure": ".*", "write": ".*", "read": ".*"},
            {"user": "{{Visitor}}", "vhost": "/", "configure": "", "write": "", "read": ""}
          ]
        }
        """;

    private static string User(string name) =>
        $$"""{"name": "{{name}}", "password_hash": "{{Hash()}}", "hashing_algorithm": "rabbit_password_hashing_sha256", "tags": ""}""";

    /// <summary>As RabbitMQ keeps it: four bytes of salt, then the SHA-256 of them and the password.</summary>
    private static string Hash()
    {
        var salt = RandomNumberGenerator.GetBytes(4);
        return Convert.ToBase64String([.. salt, .. SHA256.HashData([.. salt, .. Encoding.UTF8.GetBytes(Password)])]);
    }
}
