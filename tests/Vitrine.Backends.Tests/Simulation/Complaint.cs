using System.Runtime.CompilerServices;

namespace Vitrine.Backends.Tests.Simulation;

/// <summary>What is wrong, put together only where it is.</summary>
[InterpolatedStringHandler]
internal ref struct Complaint
{
    private DefaultInterpolatedStringHandler _text;

    public Complaint(int literalLength, int formattedCount, bool right, out bool isWanted)
    {
        isWanted = !right;
        if (isWanted) _text = new(literalLength, formattedCount);
    }

    public void AppendLiteral(string text) => _text.AppendLiteral(text);

    public void AppendFormatted<T>(T value) => _text.AppendFormatted(value);

    public string ToText() => _text.ToStringAndClear();
}
