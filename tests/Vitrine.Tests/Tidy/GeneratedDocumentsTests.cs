using Vitrine.Core.Jobs;

namespace Vitrine.Tests.Tidy;

public sealed class GeneratedDocumentsTests
{
    private const string WriteVariable = "VITRINE_WRITE_DOCS";

    [Fact]
    public void The_reason_codes_are_documented() => Compare("docs/reason-codes.md", GeneratedDocuments.ReasonCodes(Reason.All));

    [Fact]
    public void The_options_are_documented() => Compare("docs/configuration.md", GeneratedDocuments.Configuration(Repository.Files));

    [Fact]
    public void The_formats_are_documented() =>
        Compare("docs/formats.md", FormatDocument.Write([.. Vitrine.Imaging.Formats.Codec.StartBundled().Formats.Select(Vitrine.Imaging.Formats.ImageFormats.NameOf)]));

    [Fact]
    public void Every_option_says_what_it_means() => Assert.DoesNotContain("|  |\n", GeneratedDocuments.Configuration(Repository.Files), StringComparison.Ordinal);

    [Fact]
    public void An_option_is_written_with_default_range_and_meaning()
    {
        SourceFile settings = new("src/Vitrine.Server/Hosting/Settings.cs", "record Settings(PoolOptions Pool);");
        SourceFile options = new("src/Vitrine.Core/PoolOptions.cs", """
            /// <summary>How the pool works.</summary>
            record PoolOptions
            {
                /// <summary>Bytes of <see cref="Pool.Child"/>,
                /// in all.</summary>
                [Range(1L, 1L << 40)]
                public long MaxBytes { get; init; } = 500L << 20;

                /// <summary>On.</summary>
                public bool Enabled { get; init; } = true;

                /// <summary>Where.</summary>
                [StringLength(1000)]
                public string Urls { get; init; } = "http://x";

                public int Computed => 1;
            }
            """);
        var page = GeneratedDocuments.Configuration([settings, options]);
        Assert.EndsWith("""
            ## Pool

            How the pool works.

            | option | default | range | meaning |
            |---|---|---|---|
            | `MaxBytes` | `524288000` | 1 to 1099511627776 | Bytes of Child, in all. |
            | `Enabled` | `true` | true, false | On. |
            | `Urls` | `http://x` | at most 1000 characters | Where. |

            """, page, StringComparison.Ordinal);
    }

    private static void Compare(string path, string expected)
    {
        var file = Path.Combine(Repository.Root, path);
        if (Environment.GetEnvironmentVariable(WriteVariable) == "1") File.WriteAllText(file, expected);
        Assert.True(File.Exists(file) && File.ReadAllText(file) == expected, $"{path} is not what the code says: write it anew with {WriteVariable}=1 ./test and commit it.");
    }
}
