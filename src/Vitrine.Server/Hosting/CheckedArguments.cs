using System.ComponentModel.DataAnnotations;
using System.Reflection;
using Vitrine.Core.Settings;
using Vitrine.Server.Security;

namespace Vitrine.Server.Hosting;

/// <summary>Limits that stand as attributes on an endpoint's parameters, and on the members of bodies.</summary>
internal static class CheckedArguments
{
    public static RouteGroupBuilder WithCheckedArguments(this RouteGroupBuilder group)
    {
        group.AddEndpointFilterFactory(static (handler, next) =>
        {
            var rules = handler.MethodInfo.GetParameters().Select((parameter, place) => new Rules(place, parameter.Name ?? "", [.. parameter.GetCustomAttributes<ValidationAttribute>()]))
                .Where(parameter => parameter.Attributes.Count > 0).ToList();
            return async context =>
                rules.Select(parameter => parameter.Refusal(context)).Concat(context.Arguments.OfType<IAuditable>().Select(body => MemberRules.Broken(body)?.ErrorMessage))
                    .FirstOrDefault(refusal => refusal is not null) is { } refusal
                    ? Problems.BadRequest.With(refusal).ToResult()
                    : await next(context);
        });
        return group;
    }

    private sealed record Rules(int Place, string Name, IReadOnlyList<ValidationAttribute> Attributes)
    {
        public string? Refusal(EndpointFilterInvocationContext context) =>
            Attributes.FirstOrDefault(rule => !rule.IsValid(context.Arguments[Place]))?.FormatErrorMessage(Name);
    }
}
