using System.Reflection;
using Vitrine.Core;
using Vitrine.Server.Hosting;

namespace Vitrine.Tests.Server;

/// <summary>A kind of id whose converter was forgotten would be an object with a number in it, and nothing would say so.</summary>
public sealed class IdJsonTests
{
    [Fact]
    public void Every_id_in_a_shape_is_text()
    {
        var ids = typeof(ApiJson).Assembly.GetTypes().SelectMany(type => type.GetProperties(BindingFlags.Instance | BindingFlags.Public | BindingFlags.DeclaredOnly))
            .SelectMany(property => Parts(property.PropertyType)).Where(IsId).Distinct().ToList();

        Assert.True(ids.Count > 5, $"only {ids.Count} kinds of ids were found");
        Assert.All(ids, id => Assert.Contains(ApiJson.Default.Options.Converters, converter => converter.CanConvert(id)));
    }

    private static IEnumerable<Type> Parts(Type type) => type.IsGenericType ? type.GenericTypeArguments.SelectMany(Parts).Append(type) : [type];

    private static bool IsId(Type type) => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Id<>);
}
