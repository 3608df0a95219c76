using System.Diagnostics.CodeAnalysis;

namespace Vitrine.Backends.Tests.Simulation.Model;

internal sealed class ModelBench : Bench
{
    private readonly StoreModel _model;

    [SetsRequiredMembers]
    public ModelBench(TimeProvider time, Plant plant)
    {
        _model = new(time, plant);
        var jobs = new JobRules(_model);
        var batches = new BatchRules(_model, jobs);
        var jobModel = new JobModel(_model, jobs, batches);
        var library = new LibraryModel(_model, jobs, batches);
        var room = new RoomModel(_model);
        (Ledger, Batches, Jobs, Clock) = (new LedgerModel(_model, jobs, batches), new BatchModel(_model, jobs, batches), jobModel, jobModel);
        (Libraries, Notes, Catalog, Folders, Blobs, Locks) = (library, library, library, room, room, room);
    }

    public override long Changes => _model.Changes;

    public override Rows Read(bool whole) => _model.Rows;

    public override BatchSign? Sign(long batch) => _model.Rows.Batches.GetValueOrDefault(batch) is { } row && _model.Rows.Jobs[row.Job] is { } job
        ? new(row.State, row.Token, row.Node, row.Renewals, job.IsOver, job.Holds)
        : null;

    public override IReadOnlyList<string> Audit() => [];
}
