using System.Reflection;

namespace Vitrine.Server.Hosting;

/// <summary>Which Vitrine this is.</summary>
internal static class ProgramVersion
{
    public static string Text { get; } = typeof(ProgramVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;
}
