using System.CommandLine;
using System.Net.Sockets;
using Vitrine.Core;
using Vitrine.Server.CacheFolders;
using Vitrine.Server.Hosting;
using Vitrine.Server.Libraries;

namespace Vitrine.Server.Cli;

/// <summary>The checks of doctor, in the order in which things depend on one another.</summary>
internal static class Doctor
{
    public static async Task<IReadOnlyList<Finding>> ExamineAsync(ParseResult parsed, CancellationToken cancellation)
    {
        var findings = new List<Finding>();
        var data = DataFolders.Find(parsed.GetValue(CommonOptions.Data));
        findings.Add(Folder(data));
        var settings = Load(data, OwnerPlan.Of(parsed), findings);
        if (settings is { Postgres.IsOn: true }) findings.AddRange(await DatabaseFindings.ExamineAsync(settings, cancellation));
        if (settings is { RabbitMq.IsOn: true }) findings.Add(await BrokerFinding.ExamineAsync(settings, cancellation));
        if (settings is not null) findings.AddRange(await FormatChecks.ExamineAsync(settings, cancellation));
        try
        {
            await using var owner = await OwnerAccess.OpenAsync(parsed, works: false, cancellation);
            findings.Add(new("server", FindingLevel.Ok, owner.IsOwn ? "none runs; the database opens" : "one runs and answers"));
            if (owner.IsOwn && settings is not null) findings.AddRange(Addresses.Parse(settings.Server.Urls).Select(Address));
            await AskAsync(owner.Client, findings, cancellation);
        }
        catch (Refusal refusal)
        {
            findings.Add(new("server", FindingLevel.Error, refusal.Message));
        }
        return findings;
    }

    private static Finding Folder(DataFolder data)
    {
        const string Check = "data folder";
        if (!Directory.Exists(data.Path)) return new(Check, FindingLevel.Ok, $"{data.Path} is made at the first start");
        var mode = File.GetUnixFileMode(data.Path);
        const UnixFileMode Others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;
        return (mode & Others) == 0
            ? new(Check, FindingLevel.Ok, data.Path)
            : new(Check, FindingLevel.Warning, $"other users may read or write {data.Path}: chmod 700 it");
    }

    private static Settings? Load(DataFolder data, OwnerPlan plan, List<Finding> findings)
    {
        try
        {
            var settings = Settings.Load(data.Path, plan.Given);
            findings.Add(new("settings", FindingLevel.Ok, File.Exists(Path.Combine(data.Path, Settings.FileName)) ? Settings.FileName : "all defaults"));
            return settings;
        }
        catch (Refusal refusal)
        {
            findings.Add(new("settings", FindingLevel.Error, refusal.Message));
            return null;
        }
    }

    private static Finding Address(Microsoft.AspNetCore.Http.BindingAddress address)
    {
        if (Addresses.IsPlainBeyondLoopback(address))
            return new("address", FindingLevel.Warning, $"{address}: passwords cross the network in plain text; put a proxy with HTTPS before it, or listen on 127.0.0.1");
        try
        {
            using var trial = new TcpListener(System.Net.IPAddress.Loopback, address.Port);
            trial.Start();
            return new("address", FindingLevel.Ok, $"{address} is free");
        }
        catch (SocketException taken)
        {
            return new("address", FindingLevel.Error, $"{address}: {taken.Message}; end the other program, or give another address with --urls");
        }
    }

    private static async Task AskAsync(ServerClient client, List<Finding> findings, CancellationToken cancellation)
    {
        var folders = await client.GetAsync("/cache/folders", ApiJson.Default.ListShapeCacheFolderShape, cancellation);
        if (folders.Items.Count == 0) findings.Add(new("cache folders", FindingLevel.Error, "there is none: nothing can be kept"));
        findings.AddRange(folders.Items.Select(Folder));
        var libraries = await client.GetAsync("/libraries", ApiJson.Default.ListShapeLibraryShape, cancellation);
        if (libraries.Items.Count == 0) findings.Add(new("libraries", FindingLevel.Warning, "there is none yet: 'vitrine serve --library PATH' or 'vitrine import PATH'"));
        findings.AddRange(libraries.Items.Select(Library));
    }

    private static Finding Folder(CacheFolderShape folder) => folder switch
    {
        { Fault: FolderFaultShape.Missing } => new("cache folder", FindingLevel.Error, $"{folder.Path} is not there: mount its disk, or make it again"),
        { Fault: FolderFaultShape.NotOurs } => new("cache folder", FindingLevel.Error, $"{folder.Path} carries another marker, or none: it is not the folder that was added"),
        { Fault: FolderFaultShape.ReadOnly } => new("cache folder", FindingLevel.Error, $"{folder.Path} cannot be written: check its permissions and its disk"),
        _ when folder.FreeBytes < folder.FloorBytes => new("cache folder", FindingLevel.Error, $"{folder.Path} has {Text.Bytes(folder.FreeBytes)} free, below its floor of {Text.Bytes(folder.FloorBytes)}: free some space, or lower the floor"),
        _ when folder.Bytes + folder.ReservedBytes > folder.LimitBytes / 100 * 90 => new("cache folder", FindingLevel.Warning, $"{folder.Path} is over 90% of its limit of {Text.Bytes(folder.LimitBytes)}"),
        _ => new("cache folder", FindingLevel.Ok, $"{folder.Path}: {Text.Bytes(folder.Bytes)} of {Text.Bytes(folder.LimitBytes)}, {Text.Bytes(folder.FreeBytes)} free"),
    };

    private static Finding Library(LibraryShape library) => library.Online
        ? new("library", FindingLevel.Ok, $"'{library.Name}' {library.Root}: {library.Images} images")
        : new("library", FindingLevel.Warning, $"'{library.Name}' {library.Root} is offline: not there, empty, or on another mount than before; its derivatives are served meanwhile");
}
