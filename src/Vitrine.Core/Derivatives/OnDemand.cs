using Vitrine.Core.Libraries;

namespace Vitrine.Core.Derivatives;

public sealed class OnDemand
{
    public Task<OnDemandAnswer> MakeAsync(Image image, string preset, CancellationToken cancellation) => throw new NotImplementedException();
}

public abstract record OnDemandAnswer
{
    private OnDemandAnswer() { }

    public sealed record Ready(Derivative Derivative) : OnDemandAnswer;

    public sealed record Pending : OnDemandAnswer;

    public sealed record Refused(string Code) : OnDemandAnswer;
}
