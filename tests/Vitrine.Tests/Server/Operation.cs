using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;

namespace Vitrine.Tests.Server;

/// <summary>One method of one route, by the name that it has in the description of the API.</summary>
internal sealed record Operation(string Name, string Method, RouteEndpoint Route)
{
    public bool IsRead => Method is "GET";

    public bool HasParameters => Route.RoutePattern.Parameters.Count > 0;

    /// <summary>All that there are, whoever adds one; HEAD is GET without its body.</summary>
    public static IReadOnlyList<Operation> Of(IEnumerable<RouteEndpoint> routes) =>
    [
        .. from route in routes
           from method in route.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? ["GET"]
           where method != "HEAD"
           select new Operation(route.Metadata.GetMetadata<IEndpointNameMetadata>()?.EndpointName ?? $"{method} {route.RoutePattern.RawText}", method, route),
    ];

    /// <param name="value">What stands for a parameter, by its name.</param>
    public string Path(Func<string, string> value)
    {
        var path = string.Concat(Route.RoutePattern.PathSegments.Select(segment => "/" + string.Concat(segment.Parts.Select(Text))));
        return path.Length == 0 ? "/" : path;

        string Text(RoutePatternPart part) => part switch
        {
            RoutePatternLiteralPart literal => literal.Content,
            RoutePatternParameterPart parameter => value(parameter.Name),
            _ => "",
        };
    }
}
