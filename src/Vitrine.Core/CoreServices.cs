using Microsoft.Extensions.DependencyInjection;
using Vitrine.Core.CacheFolders;
using Vitrine.Core.Decoding;
using Vitrine.Core.Derivatives;
using Vitrine.Core.Jobs;
using Vitrine.Core.Libraries;

namespace Vitrine.Core;

public static class CoreServices
{
    public static IServiceCollection AddEngine(this IServiceCollection services, EngineOptions options) =>
        services.AddSingleton<OnDemand>().AddSingleton<Originals>().AddSingleton<Verifier>().AddSingleton<Telemetry>().AddSingleton<StartDecoder>((_, _) => throw new DecoderUnavailableException("none"));
}
