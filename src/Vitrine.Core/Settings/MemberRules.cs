using System.ComponentModel.DataAnnotations;
using System.Diagnostics.CodeAnalysis;

namespace Vitrine.Core.Settings;

/// <summary>Limits that stand as attributes on the members of options and of requests, and what these say of themselves.</summary>
public static class MemberRules
{
    /// <summary>The first that does not hold, in words; null where all do.</summary>
    [UnconditionalSuppressMessage("Trimming", "IL2026", Justification = "What is checked are types of our own assemblies, which are compiled whole.")]
    public static ValidationResult? Broken(object held)
    {
        var wrong = new List<ValidationResult>();
        return Validator.TryValidateObject(held, new(held), wrong, validateAllProperties: true) ? null : wrong[0];
    }
}
