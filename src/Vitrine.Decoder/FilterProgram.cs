using System.Runtime.InteropServices;

namespace Vitrine.Decoder;

/// <summary>One instruction of the kernel's packet filter, as <c>struct sock_filter</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct FilterInstruction(ushort Code, byte WhereTrue, byte WhereFalse, uint Value);

/// <summary>
/// Something that 32 bits of an argument have to be. The kernel cuts most arguments to these; of pointers the upper half is asked for by itself.
/// </summary>
/// <param name="IsIn">Whether the masked bits have to be one of the values, or none of them.</param>
internal sealed record Condition(int Argument, uint Mask, bool IsIn, IReadOnlyList<uint> Values, bool Upper = false)
{
    public static Condition In(int argument, params uint[] values) => new(argument, uint.MaxValue, true, values);

    public static Condition NotIn(int argument, params uint[] values) => new(argument, uint.MaxValue, false, values);

    public static Condition Bits(int argument, uint mask, uint value) => new(argument, mask, true, [value]);

    public static Condition NotBits(int argument, uint mask, uint value) => new(argument, mask, false, [value]);

    /// <summary>A pointer that is null.</summary>
    public static IReadOnlyList<Condition> Null(int argument) => [In(argument, 0), new(argument, uint.MaxValue, true, [0], Upper: true)];
}

/// <summary>A call that is allowed where all conditions hold; refused with this error otherwise.</summary>
internal sealed record CallRule(SystemCall Call, IReadOnlyList<Condition> Conditions, uint Error = FilterProgram.NotPermitted);

/// <summary>
/// A program that the kernel runs before each system call. Its shape: another architecture or the x32 numbers are refused; then each rule in turn, by number;
/// what has none is refused. Nothing is answered by a signal: a library that tries something new gets an error, and the runtime lives.
/// </summary>
internal static class FilterProgram
{
    public const uint NotPermitted = 1;
    public const uint NotImplemented = 38;

    private const uint Allow = 0x7fff0000;
    private const uint RefuseWith = 0x00050000;
    private const uint ArchitectureX64 = 0xc000003e;
    private const uint X32Numbers = 0x40000000;

    private const ushort Load = 0x20, Mask = 0x54, JumpEqual = 0x15, JumpAtLeast = 0x35, Jump = 0x05, Return = 0x06;
    private const uint NumberAt = 0, ArchitectureAt = 4, ArgumentsAt = 16;

    /// <param name="newest">Calls with a higher number are answered as if the kernel had none.</param>
    public static IReadOnlyList<FilterInstruction> Write(IEnumerable<CallRule> rules, SystemCall newest)
    {
        List<FilterInstruction> program =
        [
            new(Load, 0, 0, ArchitectureAt),
            new(JumpEqual, 1, 0, ArchitectureX64),
            Refuse(NotPermitted),
            new(Load, 0, 0, NumberAt),
            new(JumpAtLeast, 0, 1, X32Numbers),
            Refuse(NotPermitted),
        ];
        foreach (var rule in rules)
        {
            var block = Block(rule);
            program.Add(new(JumpEqual, 0, (byte)block.Count, (uint)rule.Call));
            program.AddRange(block);
        }
        program.AddRange([new(JumpAtLeast, 0, 1, (uint)newest + 1), Refuse(NotImplemented), Refuse(NotPermitted)]);
        return program;
    }

    private static List<FilterInstruction> Block(CallRule rule)
    {
        var block = new List<FilterInstruction>();
        foreach (var condition in rule.Conditions) block.AddRange(Test(condition, rule.Error));
        block.Add(new(Return, 0, 0, Allow));
        return block;
    }

    /// <summary>Goes on behind itself where the condition holds.</summary>
    private static IEnumerable<FilterInstruction> Test(Condition condition, uint error)
    {
        yield return new(Load, 0, 0, ArgumentsAt + (8 * (uint)condition.Argument) + (condition.Upper ? 4u : 0));
        if (condition.Mask != uint.MaxValue) yield return new(Mask, 0, 0, condition.Mask);
        var left = condition.Values.Count;
        // A match leaves over the values that are left and what stands behind them: the refusal, or the jump over it.
        foreach (var value in condition.Values) yield return new(JumpEqual, (byte)left--, 0, value);
        if (!condition.IsIn) yield return new(Jump, 0, 0, 1);
        yield return Refuse(error);
    }

    private static FilterInstruction Refuse(uint error) => new(Return, 0, 0, RefuseWith | error);
}
