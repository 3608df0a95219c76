using System.Text.Json;

namespace Vitrine.Tests.Tidy;

/// <summary>A package as a lock file or a bill of materials names it.</summary>
internal readonly record struct Package(string Name, string Version)
{
    public override string ToString() => $"{Name} {Version}";
}

/// <summary>The lock files, which say what is used, and the bills of materials, which say under what licence.</summary>
internal static class BillOfMaterials
{
    /// <summary>Of what may be given on with the program, or used to build and test it.</summary>
    private static readonly HashSet<string> KnownLicences =
    [
        "0BSD", "Apache-2.0", "BlueOak-1.0.0", "BSD-2-Clause", "BSD-3-Clause", "CC0-1.0", "ISC", "LGPL-3.0-or-later", "MIT", "MIT-0", "MPL-2.0", "PostgreSQL", "Python-2.0", "Unlicense",
        "(MIT OR CC0-1.0)",
    ];

    /// <summary>Packages that bring their licence as a file or a link: read by a person, and for this version alone.</summary>
    private static readonly Dictionary<Package, string> Read = new()
    {
        [new("MAB.DotIgnore", "3.0.1")] = "MIT, in licenses/LICENSE.md",
        [new("Microsoft.Testing.Extensions.CodeCoverage", "18.12.0")] = "Microsoft's licence for .NET libraries; in tests only",
        [new("Microsoft.NETCore.Platforms", "1.1.0")] = "Microsoft's licence for .NET libraries; names of platforms, nothing of it is shipped",
        [new("NETStandard.Library", "1.6.1")] = "Microsoft's licence for .NET libraries; a list of references, nothing of it is shipped",
        [new("RabbitMQ.Client", "7.2.2")] = "Apache-2.0 or MPL-2.0, as one likes: used under Apache-2.0",
    };

    /// <summary>What the restore of the projects of the solution locked.</summary>
    public static IReadOnlySet<Package> LockedByNuGet() =>
        (from folder in new[] { "src", "tests" }
         from project in Directory.EnumerateDirectories(Path.Combine(Repository.Root, folder))
         let file = Path.Combine(project, "packages.lock.json")
         where File.Exists(file)
         from target in Parse(file).GetProperty("dependencies").EnumerateObject()
         from package in target.Value.EnumerateObject()
         where package.Value.GetProperty("type").GetString() != "Project"
         select new Package(package.Name.ToUpperInvariant(), package.Value.GetProperty("resolved").GetString()!)).ToHashSet();

    public static IReadOnlySet<Package> LockedByNpm() =>
        (from package in Parse("web/package-lock.json").GetProperty("packages").EnumerateObject()
         where package.Name.Length > 0
         select new Package(package.Name[(package.Name.LastIndexOf("node_modules/", StringComparison.Ordinal) + "node_modules/".Length)..], package.Value.GetProperty("version").GetString()!)).ToHashSet();

    public static IReadOnlyList<(Package Package, string? Licence)> Listed(string bill) =>
        [.. Parse($"docs/bom/{bill}.cdx.json").GetProperty("components").EnumerateArray().Select(component => (PackageOf(component), LicenceOf(component)))];

    /// <summary>Null where it is known.</summary>
    public static string? Problem(Package package, string? licence) =>
        licence is not null && KnownLicences.Contains(licence) || Read.ContainsKey(package) ? null : $"{package}: {licence ?? "no licence"}";

    private static Package PackageOf(JsonElement component) => new(component.GetProperty("name").GetString()!, component.GetProperty("version").GetString()!);

    private static string? LicenceOf(JsonElement component)
    {
        if (!component.TryGetProperty("licenses", out var licences) || licences.GetArrayLength() == 0) return null;
        return string.Join(" AND ", licences.EnumerateArray().Select(one =>
            one.TryGetProperty("expression", out var expression) ? expression.GetString()
            : one.GetProperty("license").TryGetProperty("id", out var id) ? id.GetString() : one.GetProperty("license").GetProperty("name").GetString()));
    }

    private static JsonElement Parse(string path)
    {
        using var document = JsonDocument.Parse(File.ReadAllText(Path.Combine(Repository.Root, path)));
        return document.RootElement.Clone();
    }
}
