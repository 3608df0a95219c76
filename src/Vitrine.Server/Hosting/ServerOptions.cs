using System.ComponentModel.DataAnnotations;

namespace Vitrine.Server.Hosting;

/// <summary>How the web server behaves. Every duration is a number with its unit in the name.</summary>
internal sealed record ServerOptions
{
    /// <summary>Addresses to listen on, parted by ';'. Empty: the owner's socket alone.</summary>
    [StringLength(1000)]
    public string Urls { get; init; } = "http://127.0.0.1:8190";

    /// <summary>PEM file with the certificate (and its chain) for https addresses.</summary>
    [StringLength(4096)]
    public string CertificatePath { get; init; } = "";

    /// <summary>PEM file with the certificate's private key; empty where it stands in the same file.</summary>
    [StringLength(4096)]
    public string CertificateKeyPath { get; init; } = "";

    /// <summary>A session that nobody used for so long ends.</summary>
    [Range(1, 3650)]
    public int SessionIdleDays { get; init; } = 30;

    /// <summary>How long a session or key is known without asking the store; one that ends is forgotten within 2 s all the same.</summary>
    [Range(0, 300)]
    public int SessionCacheSeconds { get; init; } = 30;

    /// <summary>Wrong passwords within <see cref="LockOutMinutes"/> that lock an account for the same time.</summary>
    [Range(1, 1000)]
    public int LockOutAttempts { get; init; } = 5;

    /// <summary>How long wrong passwords count, and how long an account stays locked.</summary>
    [Range(1, 10_000)]
    public int LockOutMinutes { get; init; } = 15;

    /// <summary>How long the set-up link works after a start.</summary>
    [Range(1, 10_000)]
    public int SetUpTokenMinutes { get; init; } = 60;

    /// <summary>Attempts to sign in or to set up, per minute and address (of IPv6: and network of 64 bits).</summary>
    [Range(1, 100_000)]
    public int SignInsPerMinute { get; init; } = 30;

    /// <summary>Attempts to sign in to one account, per minute, from all addresses together.</summary>
    [Range(1, 100_000)]
    public int SignInsPerMinuteAndAccount { get; init; } = 10;

    /// <summary>Resuming, recovering, cleaning up, reconciling and bulk operations, per minute and user.</summary>
    [Range(1, 100_000)]
    public int AdminOperationsPerMinute { get; init; } = 10;

    /// <summary>Requests that are answered at the same time, streams among them; more are refused.</summary>
    [Range(10, 100_000)]
    public int MaxConcurrentRequests { get; init; } = 1000;

    /// <summary>Connections that are open at the same time; more are closed.</summary>
    [Range(10, 100_000)]
    public int MaxConnections { get; init; } = 2000;

    /// <summary>Bytes of a request's address, with its query.</summary>
    [Range(1024, 256 << 10)]
    public int MaxUrlBytes { get; init; } = 8192;

    /// <summary>Bytes of a request's headers together.</summary>
    [Range(1024, 256 << 10)]
    public int MaxHeaderBytes { get; init; } = 32_768;

    /// <summary>A request's headers.</summary>
    [Range(20, 1000)]
    public int MaxHeaders { get; init; } = 100;

    /// <summary>Bytes of a request's body.</summary>
    [Range(1024, 1L << 30)]
    public long MaxBodyBytes { get; init; } = 1 << 20;

    /// <summary>Small files that were served lately are kept in so much memory; 0 keeps none.</summary>
    [Range(0, 65_536)]
    public int HotThumbnailsMiB { get; init; } = 32;

    /// <summary>How long a version that was just served is served again without asking the store; 0 asks each time.</summary>
    [Range(0, 300)]
    public int HotRowSeconds { get; init; } = 10;
}
