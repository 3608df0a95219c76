using System.Reflection;
using Vitrine.Core.Jobs;
using Vitrine.Tests.Tidy;

namespace Vitrine.Tests.Core;

public sealed class WaitDocumentTests
{
    [Fact]
    public void Every_code_that_a_job_waits_for_is_in_the_API_s_document()
    {
        var document = File.ReadAllText(Path.Combine(Repository.Root, "docs/api.md"));
        var codes = typeof(Wait).GetFields(BindingFlags.Public | BindingFlags.Static).Where(field => field.IsLiteral).Select(field => (string)field.GetRawConstantValue()!);
        Assert.All(codes, code => Assert.Contains($"| `{code}` |", document, StringComparison.Ordinal));
    }
}
