using System.ComponentModel.DataAnnotations;
using Vitrine.Server.Security;

namespace Vitrine.Server.Hosting;

/// <summary>Limits that stand as attributes on a body's members.</summary>
internal static class Bodies
{
    /// <summary>The framework's own validation sees parameters and public types; ours are internal, and would go unchecked.</summary>
    public static RouteGroupBuilder WithCheckedBodies(this RouteGroupBuilder group)
    {
        group.AddEndpointFilter(static async (context, next) =>
            context.Arguments.OfType<IAuditable>().Select(Refusal).OfType<string>().FirstOrDefault() is { } refusal
                ? Problems.BadRequest.With(refusal).ToResult()
                : await next(context));
        return group;
    }

    private static string? Refusal(IAuditable body)
    {
        var wrong = new List<ValidationResult>();
        return Validator.TryValidateObject(body, new(body), wrong, validateAllProperties: true) ? null : wrong[0].ErrorMessage;
    }
}
