using Microsoft.Extensions.Configuration.EnvironmentVariables;
using Microsoft.Extensions.Configuration.Json;
using Microsoft.Extensions.Configuration.Memory;

namespace Vitrine.Server.Hosting;

/// <summary>Where a value is from; a later one wins.</summary>
internal enum SettingSource { Default, File, Environment, CommandLine, Database }

/// <summary>Which options were given at the start, and where.</summary>
internal sealed class OptionSources(IConfigurationRoot configuration)
{
    public SettingSource Of(string section, string option) =>
        configuration.Providers.LastOrDefault(provider => provider.TryGet($"{section}:{option}", out _)) switch
        {
            JsonStreamConfigurationProvider => SettingSource.File,
            EnvironmentVariablesConfigurationProvider => SettingSource.Environment,
            MemoryConfigurationProvider => SettingSource.CommandLine,
            _ => SettingSource.Default,
        };
}
