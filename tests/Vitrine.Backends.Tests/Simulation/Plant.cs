namespace Vitrine.Backends.Tests.Simulation;

/// <summary>A fault that is planted into the store or before the queue, to show that the simulation finds it.</summary>
internal enum Plant
{
    None,

    /// <summary>A commit is accepted with an old token.</summary>
    NoFence,

    /// <summary>A result that comes twice is counted twice.</summary>
    CountTwice,

    /// <summary>Of the offers of one step only whole groups are published.</summary>
    ForgetRemainder,

    /// <summary>A result is taken whatever version of the source it was made from.</summary>
    AnyVersion,

    /// <summary>A job is completed when all that is planned so far is accounted.</summary>
    CompleteEarly,
}
