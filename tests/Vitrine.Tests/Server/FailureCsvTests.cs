using Vitrine.Core.Jobs;
using Vitrine.Server.Jobs;

namespace Vitrine.Tests.Server;

public sealed class FailureCsvTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("a/b.jpg", "a/b.jpg")]
    [InlineData("a,b", "\"a,b\"")]
    [InlineData("say \"no\"", "\"say \"\"no\"\"\"")]
    [InlineData("two\nlines", "two\\u000Alines")]
    [InlineData(" a", "\" a\"")]
    [InlineData("=1+1", "'=1+1")]
    [InlineData("+1", "'+1")]
    [InlineData("-1", "'-1")]
    [InlineData("@sum", "'@sum")]
    [InlineData("\t=1", "\\u0009=1")]
    [InlineData("\r=1", "\\u000D=1")]
    [InlineData(" =1", "' =1")]
    [InlineData("\uFF1D1+1", "'\uFF1D1+1")]
    [InlineData("gpj\u202Eexe.jpg", "gpj\\u202Eexe.jpg")]
    [InlineData("=HYPERLINK(\"http://x\",\"y\")", "\"'=HYPERLINK(\"\"http://x\"\",\"\"y\"\")\"")]
    [InlineData("a=1", "a=1")]
    [InlineData("ä.jpg", "ä.jpg")]
    public void A_cell_is_one_cell_and_no_formula(string text, string cell) => Assert.Equal(cell, FailureCsv.Cell(text));

    [Fact]
    public void A_line_has_a_cell_for_each_word_of_the_header()
    {
        var failure = new JobFailure(
            new(3), Handler.Derive, 7, new(1), "sub/1.jpg", Outcome.Failed, Reason.Corrupt, "no end", 2, "v1", new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero), true);
        Assert.Equal("1,derive,7,sub/1.jpg,failed,corrupt,no end,2,v1,2026-01-02T03:04:05.000Z,3,true\r\n", FailureCsv.Line(failure));
        Assert.Equal("1,scan,7,a.cbz,failed,corrupt,,0,,,,false\r\n",
            FailureCsv.Line(failure with { Job = null, Handler = Handler.Scan, Source = "a.cbz", Message = null, Attempts = 0, DecoderVersion = null, At = null, Ignored = false }));
        Assert.Equal(12, FailureCsv.Header.Split(',').Length);
    }
}
