using System.ComponentModel.DataAnnotations;

namespace Vitrine.Server.Hosting;

/// <summary>Where the server stands in a network: what it is reached through, and what it may reach. Lists are parted by ';'.</summary>
internal sealed record NetworkOptions : IValidatableObject
{
    /// <summary>Path beneath which the page and the API are reached, as in /pictures, whether a proxy takes it off or not. Empty: the address itself.</summary>
    [StringLength(200)]
    public string BasePath { get; init; } = "";

    /// <summary>Addresses or networks (10.0.0.2; 10.1.0.0/16) of proxies whose X-Forwarded-For and X-Forwarded-Proto are believed. Empty: nobody's are.</summary>
    [StringLength(4000)]
    public string TrustedProxies { get; init; } = "";

    /// <summary>Origins (https://photos.example.org) whose pages may call the API with an API key; cookies are never taken from them. Empty: no other site may.</summary>
    [StringLength(4000)]
    public string CorsOrigins { get; init; } = "";

    /// <summary>Addresses or networks that the server may call although they are private. One of loopback has to be named as such. Link-local ones and those of metadata services are never called.</summary>
    [StringLength(4000)]
    public string AllowedNetworks { get; init; } = "";

    /// <summary>How long a call to another server may take.</summary>
    [Range(1, 300)]
    public int OutgoingSeconds { get; init; } = 10;

    /// <summary>Bytes that another server's answer may have.</summary>
    [Range(1024, 1 << 26)]
    public int OutgoingMaxBytes { get; init; } = 1 << 20;

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Hosting.BasePath.Of(BasePath) is null)
            yield return new("It begins with '/', and its parts are letters, digits, '-', '_' and '.'.", [nameof(BasePath)]);
        if (Networks.Parse(TrustedProxies) is null) yield return new(Networks.Rule, [nameof(TrustedProxies)]);
        if (Networks.Parse(AllowedNetworks) is null) yield return new(Networks.Rule, [nameof(AllowedNetworks)]);
        if (!Cors.Origins(CorsOrigins).All(Cors.IsOrigin))
            yield return new("An origin is https:// or http:// with a host and, where it is not the usual one, a port; no path and no '*'.", [nameof(CorsOrigins)]);
    }
}
