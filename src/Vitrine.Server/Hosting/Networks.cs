using System.Net;

namespace Vitrine.Server.Hosting;

/// <summary>Lists of addresses and networks in settings.</summary>
internal static class Networks
{
    public const string Rule = "Each is an address (10.0.0.2) or a network (10.1.0.0/16, fd00::/8), parted by ';'.";

    /// <summary>Null where one is neither. An address is the network of itself alone.</summary>
    public static IReadOnlyList<IPNetwork>? Parse(string list)
    {
        var networks = new List<IPNetwork>();
        foreach (var text in list.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (IPNetwork.TryParse(text, out var network)) networks.Add(network);
            else if (IPAddress.TryParse(text, out var address)) networks.Add(new(address, address.GetAddressBytes().Length * 8));
            else return null;
        }
        return networks;
    }
}
