using Vitrine.Core.Jobs;

namespace Vitrine.Backends.Tests.Simulation;

/// <summary>A broker that several processes share. It outlives them: what one had taken is lost with it.</summary>
internal sealed class Broker(int length, Chance chance)
{
    private readonly List<Offer>[] _lines = [.. Enum.GetValues<BatchClass>().Select(_ => new List<Offer>())];
    private readonly List<Waiter> _waiting = [];
    private ulong _tag;

    /// <summary>False: its class is full.</summary>
    public bool Publish(Offer offer, bool anyPlace)
    {
        var line = _lines[(int)offer.Class];
        if (line.Count >= length) return false;
        line.Insert(anyPlace ? chance.Next(line.Count + 1) : line.Count, offer);
        Deliver();
        return true;
    }

    public void Return(Offer offer)
    {
        _lines[(int)offer.Class].Insert(0, offer);
        Deliver();
    }

    public async Task<Delivery?> ReceiveAsync(Process process, TimeSpan wait, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        if (Take() is { } delivery) return delivery;
        var waiter = new Waiter(process, new(TaskCreationOptions.RunContinuationsAsynchronously));
        _waiting.Add(waiter);
        using var timer = process.Time.CreateTimer(_ => End(waiter), null, wait, Timeout.InfiniteTimeSpan);
        using var registration = cancellation.Register(() => End(waiter));
        delivery = await waiter.Answer.Task;
        cancellation.ThrowIfCancellationRequested();
        return delivery;
    }

    private void Deliver()
    {
        _waiting.RemoveAll(waiter => waiter.Process.IsDead);
        while (_waiting.Count > 0 && Take() is { } delivery)
        {
            var waiter = chance.Of(_waiting);
            _waiting.Remove(waiter);
            waiter.Answer.SetResult(delivery);
        }
    }

    private void End(Waiter waiter)
    {
        if (_waiting.Remove(waiter)) waiter.Answer.SetResult(null);
    }

    private Delivery? Take()
    {
        if (_lines.FirstOrDefault(line => line.Count > 0) is not { } line) return null;
        var offer = line[0];
        line.RemoveAt(0);
        return new(offer, ++_tag);
    }

    private sealed record Waiter(Process Process, TaskCompletionSource<Delivery?> Answer);
}

/// <summary>The broker as one process has it.</summary>
internal sealed class BrokerQueue(Broker broker, Process process) : IWorkQueue
{
    public Task<PublishAnswer> PublishAsync(IReadOnlyList<Offer> offers, CancellationToken cancellation) =>
        Task.FromResult(new PublishAnswer([.. offers.Where(offer => !broker.Publish(offer, anyPlace: false))]));

    public Task<Delivery?> ReceiveAsync(TimeSpan wait, CancellationToken cancellation) => broker.ReceiveAsync(process, wait, cancellation);

    public Task AcknowledgeAsync(Delivery delivery, CancellationToken cancellation) => Task.CompletedTask;

    public Task ReturnAsync(Delivery delivery, CancellationToken cancellation)
    {
        broker.Return(delivery.Offer);
        return Task.CompletedTask;
    }
}

/// <summary>The way of a process to its queue: messages are lost, doubled, late, and so in another order.</summary>
internal sealed class Courier(Gate gate, IWorkQueue queue, Faults faults, Chance chance, Witness witness) : IWorkQueue
{
    private readonly HashSet<Offer> _expected = [];

    /// <summary>What the store gave this process to publish. All of the last step's has to have come by now.</summary>
    public void Expect(IReadOnlyList<Offer> offers)
    {
        witness.Check(_expected.Count == 0, $"{_expected.Count} offers were raised in the store, and never published.");
        _expected.Clear();
        _expected.UnionWith(offers);
    }

    /// <summary>The step failed: its rest is offered again later.</summary>
    public void Forget() => _expected.Clear();

    public async Task<PublishAnswer> PublishAsync(IReadOnlyList<Offer> offers, CancellationToken cancellation)
    {
        var published = false;
        try
        {
            var answer = await gate.PassAsync("publishes", offers, () => CarryAsync(offers, cancellation), cancellation);
            published = true;
            _expected.ExceptWith(offers);
            return answer;
        }
        finally
        {
            if (!published) Forget();
        }
    }

    public Task<Delivery?> ReceiveAsync(TimeSpan wait, CancellationToken cancellation) =>
        gate.PassAsync("receives", null, () => queue.ReceiveAsync(wait, cancellation), cancellation);

    public Task AcknowledgeAsync(Delivery delivery, CancellationToken cancellation) => queue.AcknowledgeAsync(delivery, cancellation);

    public Task ReturnAsync(Delivery delivery, CancellationToken cancellation) => queue.ReturnAsync(delivery, cancellation);

    private async Task<PublishAnswer> CarryAsync(IReadOnlyList<Offer> offers, CancellationToken cancellation)
    {
        var now = new List<Offer>();
        foreach (var offer in offers)
        {
            if (!faults.On || !chance.Is(faults.Message))
            {
                now.Add(offer);
                continue;
            }
            var fate = chance.Next(3);
            if (fate == 1) now.AddRange([offer, offer]);
            if (fate == 2) gate.Process.After(chance.Time(0.01, 8), () => queue.PublishAsync([offer], CancellationToken.None));
        }
        var answer = await queue.PublishAsync(now, cancellation);
        return new([.. answer.Refused.Distinct()]);
    }
}

/// <summary>A publisher that gathers whole groups, and forgets what is left of a step: see <see cref="Plant.ForgetRemainder"/>.</summary>
internal sealed class ForgetfulQueue(IWorkQueue queue, int group) : IWorkQueue
{
    public Task<PublishAnswer> PublishAsync(IReadOnlyList<Offer> offers, CancellationToken cancellation) =>
        offers.Count < group ? Task.FromResult(new PublishAnswer([])) : queue.PublishAsync(offers, cancellation);

    public Task<Delivery?> ReceiveAsync(TimeSpan wait, CancellationToken cancellation) => queue.ReceiveAsync(wait, cancellation);

    public Task AcknowledgeAsync(Delivery delivery, CancellationToken cancellation) => queue.AcknowledgeAsync(delivery, cancellation);

    public Task ReturnAsync(Delivery delivery, CancellationToken cancellation) => queue.ReturnAsync(delivery, cancellation);
}
