using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Vitrine.Tests.Tidy;

/// <summary>Interfaces, catch-alls and names of types.</summary>
internal static partial class ShapeRules
{
    private const int InterfaceMembers = 7;
    private const int CatchAlls = 4;

    /// <summary>Interfaces that may have one implementation today, because another backend is what they are for.</summary>
    private static readonly HashSet<string> Seams =
    [
        "IAlertStore", "IApiKeyStore", "IAuditStore", "IBatchStore", "IBlobPlaces", "IBlobRemoval", "IBlobStore", "IBlobUse", "IBrakeStore", "ICacheFolderStore", "ICatalog", "IDerivativeStore",
        "IEventFeed", "IExternalLoginStore", "IFailureStore", "IFolderDisk", "IFolderListing", "IJobClock", "IJobStore", "ILedger", "ILibraryStore", "ILockStore", "INodeStore",
        "IPresetStore", "IRootProbe", "IScheduleStore", "ISessionStore", "ISettingStore", "IShareStore", "ISmallFiles", "ISpool", "IStatisticsStore", "ITrashStore", "IUnreadFileStore", "IUsageStore", "IWithdrawalStore",
        "IUserStore", "IWatchStore", "IWorkQueue",
    ];

    /// <summary>The files with an outermost loop (worker, hosted service, decoder, command line), which writes state for what nobody foresaw.</summary>
    private static readonly HashSet<string> OutermostLoops =
    [
        "src/Vitrine.Core/Jobs/Worker.cs", "src/Vitrine.Core/PeriodicService.cs", "src/Vitrine.Imaging/DecoderLoop.cs", "src/Vitrine.Server/Cli/Invocation.cs",
    ];

    private static readonly HashSet<string> EmptyWords = ["Manager", "Managers", "Helper", "Helpers", "Util", "Utils", "Base", "Impl"];

    /// <summary>Names that users know from outside.</summary>
    private static readonly HashSet<string> KnownOutside = ["CacheManager"];

    public static IEnumerable<Offence> Interfaces(IReadOnlyList<SourceFile> files)
    {
        var implementations = files.Where(f => f.IsCSharp).SelectMany(ImplementedBy).CountBy(name => name).ToDictionary();
        foreach (var (file, declared) in Types<InterfaceDeclarationSyntax>(files))
        {
            var name = declared.Identifier.Text;
            var members = declared.Members.Count(m => m is not BaseTypeDeclarationSyntax);
            if (members > InterfaceMembers) yield return new(file.Path, SourceFile.LineOf(declared), $"{name} has {members} members, at most {InterfaceMembers}");
            var made = implementations.GetValueOrDefault(name);
            if (made < 2 && !Seams.Contains(name)) yield return new(file.Path, SourceFile.LineOf(declared), $"{name} has {made} implementations and is no seam to a backend");
        }
    }

    public static IEnumerable<Offence> Catches(IReadOnlyList<SourceFile> files)
    {
        var all = 0;
        foreach (var file in files.Where(f => f.IsSource))
        {
            var here = 0;
            foreach (var caught in file.Syntax.DescendantNodes().OfType<CatchClauseSyntax>().Where(CatchesAll))
            {
                var line = SourceFile.LineOf(caught);
                if (!OutermostLoops.Contains(file.Path)) yield return new(file.Path, line, "a catch-all outside the outermost loops");
                if (++here > 1) yield return new(file.Path, line, $"catch-all number {here} of this file, at most 1");
                if (++all > CatchAlls) yield return new(file.Path, line, $"catch-all number {all} of src, at most {CatchAlls}");
            }
        }
    }

    public static IEnumerable<Offence> TypeNames(IReadOnlyList<SourceFile> files) =>
        from pair in Types<BaseTypeDeclarationSyntax>(files)
        let name = pair.Type.Identifier.Text
        let last = LastWord().Match(name).Value
        where EmptyWords.Contains(last) && !KnownOutside.Contains(name)
        select new Offence(pair.File.Path, SourceFile.LineOf(pair.Type), $"{name} ends in {last}, which says nothing");

    // A filter that names what it takes is narrow; one that names what it leaves out is not.
    private static bool CatchesAll(CatchClauseSyntax caught) =>
        (caught.Declaration is null || caught.Declaration.Type.ToString() is "Exception" or "System.Exception")
        && (caught.Filter is null || caught.Filter.ToString().Contains(" is not ", StringComparison.Ordinal));

    private static IEnumerable<string> ImplementedBy(SourceFile file) =>
        from type in file.Syntax.DescendantNodes().OfType<TypeDeclarationSyntax>()
        where type is not InterfaceDeclarationSyntax && type.BaseList is not null
        from named in type.BaseList!.Types
        select SimpleName(named.Type);

    private static string SimpleName(TypeSyntax type) => type switch
    {
        QualifiedNameSyntax qualified => SimpleName(qualified.Right),
        SimpleNameSyntax simple => simple.Identifier.Text,
        _ => type.ToString(),
    };

    private static IEnumerable<(SourceFile File, T Type)> Types<T>(IReadOnlyList<SourceFile> files) where T : BaseTypeDeclarationSyntax =>
        from file in files
        where file.IsSource
        from type in file.Syntax.DescendantNodes().OfType<T>()
        select (file, type);

    [GeneratedRegex("[A-Z][a-z0-9]*$")]
    private static partial Regex LastWord();
}
