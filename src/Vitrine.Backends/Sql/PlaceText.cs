using System.Text;
using Vitrine.Core.Libraries;

namespace Vitrine.Backends.Sql;

/// <summary>The place of an item for people: bytes that are not UTF-8 show as U+FFFD.</summary>
internal static class PlaceText
{
    /// <summary>An entry stands after its archive's path and " : "; what is no longer in the library is empty.</summary>
    public static string Of(byte[]? path, int? kind, byte[]? rawName)
    {
        if (path is null) return "";
        var container = Encoding.UTF8.GetString(path);
        if (rawName is null) return container;
        var name = Encoding.UTF8.GetString(rawName);
        if (kind != (int)ContainerKind.Directory) return $"{container} : {name}";
        return container.Length == 0 ? name : $"{container}/{name}";
    }
}
