namespace Vitrine.Tests.Tidy;

/// <summary>Each rule on a made sample that breaks it, and on one that just keeps it: a rule that cannot fail is no rule.</summary>
public sealed class TidyRuleTests
{
    private const string Core = "src/Vitrine.Core/Sample.cs";
    private const string Worker = "src/Vitrine.Core/Jobs/Worker.cs";
    private const string Rescuer = "src/Vitrine.Core/Jobs/Rescuer.cs";
    private const string Feature = "web/src/features/viewer/Viewer.tsx";

    /// <summary>Rule, path of the sample, its text, and how often it is broken there.</summary>
    public static TheoryData<string, string, string, int> Samples => new()
    {
        { "a file is short", Core, Lines(401), 1 },
        { "a file is short", Core, Lines(400), 0 },
        { "a file is short", "web/src/app/app.css", Lines(401), 1 },
        { "a file is short", "web/src/api/schema.d.ts", Lines(401), 0 },
        { "a file is short", "tests/Vitrine.Tests/Sample.cs", Lines(401), 0 },

        { "a method is short", Core, $"class C {{ void M()\n{{{Lines(69)}}} }}", 1 },
        { "a method is short", Core, $"class C {{ void M()\n{{{Lines(68)}}} }}", 0 },
        { "a method is short", "src/Vitrine.Decoder/Program.cs", string.Concat(Enumerable.Repeat("Run();\n", 71)), 1 },

        { "code is not deeply nested", Core, Nested("if (a)", 5), 1 },
        { "code is not deeply nested", Core, Nested("if (a)", 4), 0 },
        { "code is not deeply nested", Core, Nested("foreach (var a in b) lock (c)", 3), 1 },
        { "code is not deeply nested", Core, "class C { void M() { if (a) { } else if (b) { } else if (c) { } else if (d) { } else if (e) { } } }", 0 },
        { "code is not deeply nested", Core, "class C { void M() { if (a) { if (b) { if (c) { void L() { if (d) { if (e) { } } } } } } } }", 0 },

        { "a constructor takes few dependencies", Core, "class C(int a, int b, int c, int d, int e, int f);", 1 },
        { "a constructor takes few dependencies", Core, "class C { C(int a, int b, int c, int d, int e, int f) { } }", 1 },
        { "a constructor takes few dependencies", Core, "class C(int a, int b, int c, int d, int e); record R(int a, int b, int c, int d, int e, int f);", 0 },

        { "promised complexity is kept", Rescuer, "class C { bool M(int a) => a > 1 && a < 9 || a == 12 || a == 13 || a == 14 || a == 15 || a == 16 || a == 17 || a == 18; }", 1 },
        { "promised complexity is kept", Rescuer, "class C { bool M(int a) => a > 1 && a < 9 || a == 12; }", 0 },
        { "promised complexity is kept", Rescuer, "class C;", 1 },
        { "promised complexity is kept", Core, "class C;", 0 },

        { "an interface is small and needed", Core, "interface ILedger { int A(); int B(); int C(); int D(); int E(); int F(); int G { get; } int H(); }", 1 },
        { "an interface is small and needed", Core, "interface IThing { int A(); } class One : IThing;", 1 },
        { "an interface is small and needed", Core, "interface IThing<T> { T A(); } class One : IThing<int>; class Two : Vitrine.IThing<long>;", 0 },
        { "an interface is small and needed", Core, "interface ILedger { int A(); }", 0 },

        { "catch-alls stand in the outermost loops", Core, "class C { void M() { try { } catch (Exception e) { } } }", 1 },
        { "catch-alls stand in the outermost loops", Core, "class C { void M() { try { } catch { } } }", 1 },
        { "catch-alls stand in the outermost loops", Core, "class C { void M() { try { } catch (Exception e) when (e is not IOException) { } } }", 1 },
        { "catch-alls stand in the outermost loops", Core, "class C { void M() { try { } catch (Exception e) when (e is IOException or FormatException) { } } }", 0 },
        { "catch-alls stand in the outermost loops", Worker, "class C { void M() { try { } catch (Exception) { } } }", 0 },
        { "catch-alls stand in the outermost loops", Worker, "class C { void M() { try { } catch (Exception) { } try { } catch (System.Exception) { } } }", 1 },

        { "a type's last word says something", Core, "class JobManager; record DateUtils; interface ISourceHelper; enum StoreBase { } struct LedgerImpl;", 5 },
        { "a type's last word says something", Core, "class ManagerOfJobs; record CacheManager; class Database; class Batch;", 0 },

        { "no emoji", Core, "// done \u2705 \uD83D\uDE80", 2 },
        { "no emoji", "docs/operations.md", "\uD83D\uDE80", 1 },
        { "no emoji", Core, "// a → b, 3 × 4, …, ✓", 0 },

        { "nothing is unfinished", Core, "// TO" + "DO: later\nthrow new NotImplemented" + "Exception();", 2 },
        { "nothing is unfinished", Feature, "<p>coming " + "soon</p>", 1 },
        { "nothing is unfinished", Core, "var todos = 1;", 0 },

        { "no path of one machine", "docs/operations.md", "see /" + "root/notes and /" + "home/ann/pictures", 2 },
        { "no path of one machine", "docs/operations.md", "see /srv/pictures, ../work/x and ~/work/x", 0 },

        { "no file named like a secret", "deploy/server.pem", "", 1 },
        { "no file named like a secret", "deploy/.env", "", 1 },
        { "no file named like a secret", "deploy/api-token.txt", "", 1 },
        { "no file named like a secret", "src/Vitrine.Core/Users/PasswordHash.cs", "", 0 },

        { "projects reference in one direction", Project("Core"), Reference("Project", "../Vitrine.Backends/Vitrine.Backends.csproj"), 1 },
        { "projects reference in one direction", Project("Server"), Reference("Project", "../Vitrine.Imaging/Vitrine.Imaging.csproj"), 1 },
        { "projects reference in one direction", Project("Server"), Reference("Project", "../Vitrine.Backends/Vitrine.Backends.csproj"), 0 },
        { "projects reference in one direction", Project("Server"), Reference("Project", "../Vitrine.Decoder/Vitrine.Decoder.csproj", "ReferenceOutputAssembly=\"false\""), 0 },
        { "projects reference in one direction", Project("Server"), Reference("Package", "NetVips"), 1 },
        { "projects reference in one direction", Project("Core"), Reference("Package", "Dapper"), 1 },
        { "projects reference in one direction", Project("Imaging"), Reference("Package", "NetVips"), 0 },

        { "namespaces are used in one direction", Core, "using Vitrine.Backends.Sql;", 1 },
        { "namespaces are used in one direction", Core, "class C { object o = new Vitrine.Server.Thing(); }", 1 },
        { "namespaces are used in one direction", Core, "// Vitrine.Server\nusing Vitrine.Core.Jobs; class C { string s = \"Vitrine.Decoder\"; }", 0 },

        { "the page imports in one direction", Feature, "import { Grid } from '../collections/Grid';", 1 },
        { "the page imports in one direction", Feature, "import { Grid } from '@/features/collections/Grid';", 1 },
        { "the page imports in one direction", Feature, "const router = await import('../../app/router');", 1 },
        { "the page imports in one direction", Feature, "import { useQuery } from '@tanstack/react-query'; import './viewer.css'; import { Key } from './Key'; import { http } from '../../shared/http';", 0 },
        { "the page imports in one direction", "web/src/shared/http.ts", "import { Viewer } from '../features/viewer/Viewer';", 1 },
        { "the page imports in one direction", "web/src/app/router.tsx", "import { Viewer } from '../features/viewer/Viewer';", 0 },

        { "a component is small", Feature, Lines(201), 1 },
        { "a component is small", Feature, Lines(200), 0 },
        { "a component is small", Feature, string.Concat(Enumerable.Repeat("useState<string>(''); ", 6)), 1 },
        { "a component is small", "web/src/features/viewer/Viewer.test.tsx", Lines(201), 0 },

        { "a page file's name says something", "web/src/shared/utils.ts", "", 1 },
        { "a page file's name says something", "web/src/shared/dateHelper.ts", "", 1 },
        { "a page file's name says something", "web/src/shared/database.ts", "", 0 },

        { "every folder is on the map", "src/Vitrine.Core/Odd/Thing.cs", "", 3 },
        { "every folder is on the map", "tests/Vitrine.Tests/Thing.cs", "", 0 },

        { "links lead somewhere", "docs/operations.md", "[a](../README.md) [b](nowhere.md#x)", 2 },
        { "links lead somewhere", "docs/operations.md", "[a](operations.md#x) [b](../docs/) [c](https://example.org) [d](#here)", 0 },
    };

    [Theory]
    [MemberData(nameof(Samples))]
    public void A_rule_finds_what_breaks_it_and_nothing_else(string rule, string path, string text, int offences)
    {
        var found = TidyTests.Rules.Single(r => r.Name == rule).Check([new(path, text)]).ToList();
        Assert.True(found.Count == offences, $"{offences} expected, {found.Count} found:\n{string.Join('\n', found)}");
        Assert.All(found, offence => Assert.True(offence.Line >= 1 && offence.What.Length > 0));
    }

    [Fact]
    public void Every_rule_has_a_sample_that_breaks_it() =>
        Assert.Equal(TidyTests.Rules.Select(r => r.Name).Order(), Samples.Where(s => s.Data.Item4 > 0).Select(s => s.Data.Item1).Distinct().Order());

    [Fact]
    public void More_than_four_catch_alls_in_src_are_too_many()
    {
        string[] loops =
        [
            "src/Vitrine.Core/Jobs/Worker.cs", "src/Vitrine.Core/PeriodicService.cs", "src/Vitrine.Imaging/DecoderLoop.cs",
            "src/Vitrine.Server/Cli/Invocation.cs", "src/Vitrine.Core/Other.cs",
        ];
        var files = loops.Select(path => new SourceFile(path, "class C { void M() { try { } catch (Exception) { } } }")).ToList();
        Assert.Contains(ShapeRules.Catches(files), o => o.What == "catch-all number 5 of src, at most 4");
        Assert.Empty(ShapeRules.Catches(files[..4]));
    }

    [Theory]
    [InlineData("void M() { }", 1)]
    [InlineData("void M() { if (a) { } else if (b) { } }", 3)]
    [InlineData("void M() { foreach (var a in b) { while (c && d) { } } }", 4)]
    [InlineData("int M() => a switch { 1 => 2, 3 => 4, _ => 5 };", 3)]
    [InlineData("void M() { switch (a) { case 1: break; case 2: break; default: break; } }", 3)]
    [InlineData("void M() { try { a ??= b?.c ?? d; } catch (IOException) { } }", 5)]
    [InlineData("void M() { L(); void L() { if (a) { } } }", 1)]
    public void Complexity_counts_where_the_path_may_part(string method, int complexity)
    {
        var file = new SourceFile(Core, $"class C {{ {method} }}");
        Assert.Equal(complexity, ComplexityRules.ComplexityOf(SizeRules.MethodsOf(file).First()));
    }

    private static string Lines(int count) => string.Concat(Enumerable.Repeat("\n", count));

    private static string Nested(string statement, int times) =>
        $"class C {{ void M() {{ {string.Concat(Enumerable.Repeat($"{statement} {{ ", times))}{new string('}', times)} }} }}";

    private static string Project(string name) => $"src/Vitrine.{name}/Vitrine.{name}.csproj";

    private static string Reference(string kind, string include, string more = "") => $"<{kind}Reference Include=\"{include}\" {more} />";
}
