using Vitrine.Core.Files;

namespace Vitrine.Tests.Core;

public sealed class PlainTextTests
{
    [Theory]
    [InlineData("a b/ä.jpg", "a b/ä.jpg", "a b_ä.jpg")]
    [InlineData("one\nwarn: two", "one\\u000Awarn: two", "one_warn: two")]
    [InlineData("\u001b[2J", "\\u001B[2J", "_[2J")]
    [InlineData("\u202Egpj.exe", "\\u202Egpj.exe", "_gpj.exe")]
    [InlineData("a\u2028b\u200Bc\u0085", "a\\u2028b\\u200Bc\\u0085", "a_b_c_")]
    [InlineData("..\\x", "..\\x", ".._x")]
    public void What_would_do_more_than_be_read_is_shown(string text, string escaped, string name)
    {
        Assert.Equal(escaped, PlainText.Escape(text));
        Assert.Equal(name, PlainText.FileName(text));
        Assert.Equal(text == escaped, PlainText.IsPlain(text));
    }
}
