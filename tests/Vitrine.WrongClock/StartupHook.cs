using System.Globalization;
using System.Runtime.CompilerServices;

/// <summary>
/// A machine whose clock is wrong, for a program that the runtime is told to start with this (<c>DOTNET_STARTUP_HOOKS</c>): its system's <see cref="TimeProvider"/>
/// tells a time that is <c>CLOCK_AHEAD_SECONDS</c> away. What it waits for lasts as long as ever: monotonic time is the same on all machines.
/// The runtime asks for this name, without a namespace.
/// </summary>
internal static class StartupHook
{
    public static void Initialize()
    {
        var ahead = TimeSpan.FromSeconds(double.Parse(Environment.GetEnvironmentVariable("CLOCK_AHEAD_SECONDS")!, CultureInfo.InvariantCulture));
        // What it starts has no such clock, and may not be able to read this file.
        Environment.SetEnvironmentVariable("DOTNET_STARTUP_HOOKS", null);
        System(null) = new WrongClock(TimeProvider.System, ahead);
    }

    [UnsafeAccessor(UnsafeAccessorKind.StaticField, Name = "<System>k__BackingField")]
    private static extern ref TimeProvider System(TimeProvider? type);

    private sealed class WrongClock(TimeProvider right, TimeSpan ahead) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => right.GetUtcNow() + ahead;

        public override long GetTimestamp() => right.GetTimestamp();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => right.CreateTimer(callback, state, dueTime, period);
    }
}
