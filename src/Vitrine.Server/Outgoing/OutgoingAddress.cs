using System.Net;
using System.Net.Sockets;

namespace Vitrine.Server.Outgoing;

/// <summary>Which addresses the server may call. Pure: names are resolved elsewhere, and what is judged here is what is then called.</summary>
internal static class OutgoingAddress
{
    /// <summary>Never called, whatever the settings say: hosts of a cloud hand out their credentials there.</summary>
    private static readonly (IPNetwork Network, string Why)[] Never =
    [
        (IPNetwork.Parse("169.254.0.0/16"), "link-local"),
        (IPNetwork.Parse("fe80::/10"), "link-local"),
        (IPNetwork.Parse("fd00:ec2::254/128"), "a metadata service"),
        (IPNetwork.Parse("100.100.100.200/32"), "a metadata service"),
        (IPNetwork.Parse("168.63.129.16/32"), "a metadata service"),
        (IPNetwork.Parse("192.0.0.0/24"), "a metadata service, or reserved"),
        (IPNetwork.Parse("0.0.0.0/8"), "no address of a host"),
        (IPNetwork.Parse("224.0.0.0/4"), "multicast"),
        (IPNetwork.Parse("240.0.0.0/4"), "reserved"),
        (IPNetwork.Parse("ff00::/8"), "multicast"),
        (IPNetwork.Parse("2001::/32"), "a tunnel"),
        (IPNetwork.Parse("2002::/16"), "a tunnel"),
    ];

    private static readonly (IPNetwork Network, string Why)[] WhereAllowed =
    [
        (IPNetwork.Parse("10.0.0.0/8"), "private"),
        (IPNetwork.Parse("172.16.0.0/12"), "private"),
        (IPNetwork.Parse("192.168.0.0/16"), "private"),
        (IPNetwork.Parse("100.64.0.0/10"), "private"),
        (IPNetwork.Parse("198.18.0.0/15"), "private"),
        (IPNetwork.Parse("192.0.2.0/24"), "for documents"),
        (IPNetwork.Parse("198.51.100.0/24"), "for documents"),
        (IPNetwork.Parse("203.0.113.0/24"), "for documents"),
        (IPNetwork.Parse("2001:db8::/32"), "for documents"),
        (IPNetwork.Parse("fc00::/7"), "private"),
    ];

    private static readonly IPNetwork[] Loopback = [IPNetwork.Parse("127.0.0.0/8"), IPNetwork.Parse("::1/128")];
    private static readonly IPNetwork Translated = IPNetwork.Parse("64:ff9b::/96");
    private static readonly IPNetwork Global = IPNetwork.Parse("2000::/3");

    /// <summary>Why this address is not called; null where it may be.</summary>
    /// <param name="allowed">Networks of the settings. Loopback is called only where one of them lies within it: a wide network does not mean the server itself.</param>
    public static string? Refusal(IPAddress address, IReadOnlyList<IPNetwork> allowed)
    {
        var target = Meant(address);
        if (Never.FirstOrDefault(entry => entry.Network.Contains(target)) is { Why: { } never }) return never;
        if (Array.Find(Loopback, network => network.Contains(target)) is var loopback && loopback != default)
            return allowed.Any(network => network.PrefixLength >= loopback.PrefixLength && network.Contains(target)) ? null : "loopback";
        if (allowed.Any(network => network.Contains(target))) return null;
        if (WhereAllowed.FirstOrDefault(entry => entry.Network.Contains(target)) is { Why: { } unless }) return unless;
        return target.AddressFamily == AddressFamily.InterNetworkV6 && !Global.Contains(target) ? "no address of the internet" : null;
    }

    /// <summary>The IPv4 address that an IPv6 one stands for, so that no other spelling gets past.</summary>
    private static IPAddress Meant(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6) return address.MapToIPv4();
        return address.AddressFamily == AddressFamily.InterNetworkV6 && Translated.Contains(address) ? new(address.GetAddressBytes()[12..]) : address;
    }
}
