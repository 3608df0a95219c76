using Vitrine.Core.CacheFolders;
using Vitrine.Core.Jobs;
using Vitrine.Core.Libraries;

namespace Vitrine.Backends.Tests.Simulation;

/// <summary>People, disks and machines of a history: from time to time one of them does something, at the worst moment that the seed knows.</summary>
internal sealed class Adversary(Surroundings around, Fleet fleet, IReadOnlyList<Library> libraries, IReadOnlyList<CacheFolder> folders)
{
    private static readonly string[][] Presets = [["thumbnail"], ["thumbnail", "display"], ["display", "medium"]];

    private readonly Chance _chance = around.Chance;
    private readonly Bench _bench = around.Witness.Bench;

    /// <summary>Acts so often, then stops.</summary>
    public void Start(int actions) => around.Outside.After(_chance.Time(0.1, 4), () =>
    {
        if (actions == 0)
        {
            Stop();
            return;
        }
        Act();
        Start(actions - 1);
    });

    public bool IsOver { get; private set; }

    /// <summary>What was broken is whole again, and what was paused goes on.</summary>
    private void Stop()
    {
        IsOver = true;
        around.Faults.On = false;
        foreach (var root in around.World.Roots.Values) root.Gone = false;
        foreach (var disk in around.Disks.Folders.Values) (disk.Gone, disk.Failing) = (false, false);
        foreach (var folder in folders) Limit(folder, folder.LimitBytes);
        foreach (var job in Open()) Control(job, new JobCommand.Lift(Holds.User));
        around.Trace.Note("people", "stop all faults");
    }

    public void Scan(Library library) => Add(new(Handler.Scan, new(library.Id, library.Settings.Presets)));

    public void DeriveAll(Library library) => Add(new(Handler.Derive, new(library.Id, library.Settings.Presets)));

    private void Act()
    {
        switch (_chance.Next(32))
        {
            case < 4: Scan(_chance.Of(libraries)); break;
            case < 7: Derive(); break;
            case < 12: WorldChange.Make(around.World, _chance, around.Scheduler, around.Trace); break;
            case < 17: ControlSome(); break;
            case 17: Retry(); break;
            case < 24: Rewrite(); break;
            case < 26: BreakRoot(); break;
            case < 28: BreakFolder(); break;
            case < 30: JumpClock(); break;
            case 30: fleet.ChangeOne(); break;
            default: if (_chance.Is(0.3)) fleet.OffForHours(); break;
        }
    }

    private void Derive()
    {
        var library = _chance.Of(libraries);
        var rows = _bench.Read(whole: true);
        var collections = rows.Collections.Values.Where(c => c.Library == library.Id.Value).Select(c => new CollectionId(c.Id)).ToList();
        var some = _chance.Is(0.5) ? collections.Where(_ => _chance.Is(0.5)).ToList() : null;
        Add(new(Handler.Derive, new(library.Id, _chance.Of(Presets), some, Force: _chance.Is(0.4)), _chance.Of([BatchClass.Normal, BatchClass.Normal, BatchClass.Low])));
    }

    private void Retry()
    {
        var failed = _bench.Read(whole: false).Jobs.Values.Where(job => job is { Failed: > 0, Handler: Handler.Derive }).ToList();
        if (failed.Count == 0) return;
        var job = new JobId(_chance.Of(failed).Id);
        var scope = _bench.Jobs.GetAsync(job, CancellationToken.None).GetAwaiter().GetResult()!.Scope;
        Add(new(Handler.Derive, new(scope.Library, scope.Presets, Failures: new FailureQuery.OfJob(job)), Parent: job));
    }

    /// <summary>An original is written over while it is worked on, and a scan sees it at once.</summary>
    private void Rewrite()
    {
        var rows = _bench.Read(whole: true);
        var inHand = rows.Items.Values.Where(item => item.Outcome is null && rows.Images.ContainsKey(item.Item)
            && rows.Batches.GetValueOrDefault(item.Batch) is { State: BatchState.Leased } && rows.Jobs[item.Job].Handler == Handler.Derive).ToList();
        if (inHand.Count == 0) return;
        var image = rows.Images[_chance.Of(inHand).Item];
        var library = libraries.First(l => l.Id.Value == image.Library);
        // Now: until then the collection may have gone, and the rows of a model are those of that moment.
        var place = rows.Collections[image.Collection].Path.Text;
        around.Outside.After(_chance.Time(0, 0.3), () =>
        {
            WorldChange.Rewrite(around.World, _chance, around.Trace, library.Root, place, image.Name);
            QuickScan.RunAsync(around, library, new(image.Collection), place).GetAwaiter().GetResult();
        });
    }

    private void ControlSome()
    {
        var open = Open();
        if (open.Count == 0) return;
        JobCommand command = _chance.Next(7) switch
        {
            0 or 1 => new JobCommand.Hold(Holds.User),
            2 or 3 => new JobCommand.Lift(Holds.User),
            4 => new JobCommand.Cancel(),
            5 => new JobCommand.Prioritise(_chance.Of([BatchClass.Normal, BatchClass.Low, BatchClass.Covers])),
            _ => new JobCommand.Recover(TimeSpan.FromSeconds(2)),
        };
        Control(_chance.Of(open), command);
    }

    private void BreakRoot()
    {
        var root = _chance.Of([.. around.World.Roots.Values]);
        if (root.Gone) return;
        root.Gone = true;
        around.Trace.Note("disk", "root is gone", root.Path);
        around.Outside.After(_chance.Time(0.05, 10), () =>
        {
            root.Gone = false;
            around.Trace.Note("disk", "root is back", root.Path);
        });
    }

    private void BreakFolder()
    {
        var folder = _chance.Of(folders);
        var disk = around.Disks.Folders[folder.Path];
        var (kind, time) = (_chance.Next(3), _chance.Time(0.05, 10));
        around.Trace.Note("disk", $"folder {folder.Id} is {(kind == 0 ? "gone" : kind == 1 ? "read-only" : "full")}", time);
        if (kind == 0) disk.Gone = true;
        else if (kind == 1) disk.Failing = true;
        else Limit(folder, 1);
        around.Outside.After(time, () =>
        {
            (disk.Gone, disk.Failing) = (false, false);
            Limit(folder, folder.LimitBytes);
            around.Trace.Note("disk", $"folder {folder.Id} is well");
        });
    }

    private static readonly TimeSpan FurthestJump = TimeSpan.FromMinutes(10);

    private void JumpClock()
    {
        var most = _chance.Of([1, 30, 900]);
        var jump = _chance.Is(0.5) ? _chance.Time(0, most) : -_chance.Time(0, most);
        // Pauses that were written before the clock was set back last as much longer: that must stay within what a history waits for its end.
        if ((around.Scheduler.WallJump + jump).Duration() > FurthestJump) return;
        around.Scheduler.WallJump += jump;
        around.Trace.Note("clock", "jumps", jump);
    }

    private List<JobId> Open() => [.. _bench.Read(whole: false).Jobs.Values.Where(job => !job.IsOver).Select(job => new JobId(job.Id))];

    private void Add(NewJob job)
    {
        around.Trace.Note("people", "add", job, _bench.Jobs.AddAsync(job, CancellationToken.None).GetAwaiter().GetResult()?.Id);
        around.Witness.Touched = true;
    }

    private void Control(JobId job, JobCommand command)
    {
        around.Trace.Note("people", $"control {job}", command, _bench.Jobs.ControlAsync(job, command, CancellationToken.None).GetAwaiter().GetResult());
        around.Witness.Touched = true;
    }

    private void Limit(CacheFolder folder, long bytes) => _bench.Folders.UpdateAsync(
        folder.Id, new(folder.Path, folder.Marker, 0, bytes, 0, []), active: true, CancellationToken.None).GetAwaiter().GetResult();
}
