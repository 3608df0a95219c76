namespace Vitrine.Tests.Tidy;

/// <summary>What Vitrine is made of is locked, listed and may be used.</summary>
public sealed class BillOfMaterialsTests
{
    private const string Remedy = "run .ci/bom, which writes docs/bom anew";

    [Fact]
    public void Every_project_has_a_lock_file() =>
        Assert.All(
            Repository.Files.Where(file => file.Path.EndsWith(".csproj", StringComparison.Ordinal)),
            project => Assert.True(File.Exists(Path.Combine(Repository.Root, Path.GetDirectoryName(project.Path)!, "packages.lock.json")), $"{project.Path} has no lock file: run dotnet restore"));

    [Fact]
    public void The_bill_of_the_program_lists_what_is_locked() =>
        Same(BillOfMaterials.LockedByNuGet(), BillOfMaterials.Listed("server").Select(listed => listed.Package with { Name = listed.Package.Name.ToUpperInvariant() }));

    [Fact]
    public void The_bill_of_the_page_lists_what_is_locked() => Same(BillOfMaterials.LockedByNpm(), BillOfMaterials.Listed("page").Select(listed => listed.Package));

    [Theory]
    [InlineData("server")]
    [InlineData("page")]
    public void Every_licence_is_known(string bill)
    {
        var unknown = BillOfMaterials.Listed(bill).Select(listed => BillOfMaterials.Problem(listed.Package, listed.Licence)).OfType<string>().ToList();
        Assert.True(unknown.Count == 0, $"Licences that nobody has looked at: {string.Join("; ", unknown)}");
    }

    [Theory]
    [InlineData("GPL-3.0-only")]
    [InlineData("MIT AND GPL-3.0-only")]
    [InlineData("Unknown - See URL")]
    [InlineData(null)]
    public void An_unknown_licence_fails(string? licence) => Assert.NotNull(BillOfMaterials.Problem(new("some-package", "1.0.0"), licence));

    private static void Same(IReadOnlySet<Package> locked, IEnumerable<Package> listed)
    {
        var all = listed.ToHashSet();
        Assert.NotEmpty(all);
        Assert.True(locked.SetEquals(all), $"Not listed: {string.Join(", ", locked.Except(all))}. Listed and not locked: {string.Join(", ", all.Except(locked))}. To mend it, {Remedy}.");
    }
}
