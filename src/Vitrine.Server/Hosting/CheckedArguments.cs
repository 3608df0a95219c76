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
            var rules = handler.MethodInfo.GetParameters().Select(Rules.Of).Where(parameter => parameter.IsBody || parameter.Attributes.Count > 0).ToList();
            if (rules.Count == 0) return next;
            return async context => rules.Select(parameter => parameter.Refusal(context.Arguments)).FirstOrDefault(refusal => refusal is not null) is { } refusal
                ? Problems.BadRequest.With(refusal).ToResult()
                : await next(context);
        });
        return group;
    }

    private sealed record Rules(int Place, string Name, bool IsBody, IReadOnlyList<ValidationAttribute> Attributes)
    {
        public static Rules Of(ParameterInfo parameter, int place) => new(
            place, parameter.Name ?? "", parameter.ParameterType.IsAssignableTo(typeof(IAuditable)), [.. parameter.GetCustomAttributes<ValidationAttribute>()]);

        public string? Refusal(IList<object?> arguments) => IsBody
            ? arguments[Place] is { } body ? MemberRules.Broken(body)?.ErrorMessage : null
            : Attributes.FirstOrDefault(rule => !rule.IsValid(arguments[Place]))?.FormatErrorMessage(Name);
    }
}
