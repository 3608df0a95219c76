using System.Diagnostics.Metrics;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Vitrine.Backends.RabbitMq;
using Vitrine.Core.Jobs;

namespace Vitrine.Backends.Tests.RabbitMq;

/// <summary>What the queue answers while there is no broker, and what needs none to be decided.</summary>
public sealed class WithoutBrokerTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_worker_waits_its_time_and_goes_on_to_the_store()
    {
        var time = new FakeTimeProvider();
        using var meter = new Meter("Vitrine.Tests.Queue");
        using var queue = Unconnected(meter, time);
        Assert.Null(await queue.ReceiveAsync(TimeSpan.Zero, Cancellation));
        var waiting = queue.ReceiveAsync(TimeSpan.FromSeconds(2), Cancellation);
        Assert.False(waiting.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(2));
        Assert.Null(await waiting);
        var late = new Delivery(new(new(1), 1, BatchClass.Normal), 1);
        await queue.AcknowledgeAsync(late, Cancellation);
        await queue.ReturnAsync(late, Cancellation);
    }

    [Fact]
    public async Task What_is_published_fails_by_name_after_a_while()
    {
        var time = new FakeTimeProvider();
        using var meter = new Meter("Vitrine.Tests.Queue");
        using var queue = Unconnected(meter, time);
        var publishing = queue.PublishAsync([new(new(1), 1, BatchClass.Normal)], Cancellation);
        time.Advance(TimeSpan.FromSeconds(2));
        Assert.False(publishing.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(BrokerProblem.NoBroker, (await Assert.ThrowsAsync<BrokerException>(() => publishing)).Problem);
    }

    [Theory]
    [InlineData(1, 0.25)]
    [InlineData(2, 0.5)]
    [InlineData(5, 4)]
    [InlineData(6, 5)]
    [InlineData(int.MaxValue, 5)]
    public void Pauses_between_attempts_grow_up_to_a_limit(int failures, double seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), ReconnectPause.After(failures, mostSeconds: 5));

    [Fact]
    public void An_offer_is_read_as_it_was_written()
    {
        var offer = new Offer(new(long.MaxValue), int.MaxValue, BatchClass.Covers);
        Assert.Equal(offer, OfferMessage.Read(OfferMessage.Write(offer), BatchClass.Covers));
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("""{"batch":1}""")]
    [InlineData("""{"batch":0,"offer":1}""")]
    [InlineData("""{"batch":1,"offer":-1}""")]
    [InlineData("""{"batch":"1","offer":1}""")]
    [InlineData("""{"batch":99999999999999999999,"offer":1}""")]
    [InlineData("""{"batch":1,"offer":1}{""")]
    public void What_is_no_offer_is_not_read(string body) => Assert.Null(OfferMessage.Read(Encoding.UTF8.GetBytes(body), BatchClass.Normal));

    [Fact]
    public void What_is_too_long_is_not_read() =>
        Assert.Null(OfferMessage.Read(Encoding.UTF8.GetBytes("""{"batch":1,"offer":1""" + new string(' ', 2000) + "}"), BatchClass.Normal));

    private static RabbitMqWorkQueue Unconnected(Meter meter, TimeProvider time) =>
        new(new() { Uri = "amqp://127.0.0.1:1/", AnswerSeconds = 3 }, length: 10, meter, time, NullLogger<RabbitMqWorkQueue>.Instance);
}
