using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Vitrine.Core;
using Vitrine.Core.Users;
using Vitrine.Server.Security;

namespace Vitrine.Tests.Server;

/// <summary>What may be an attack is said, and however often it is tried the log and the audit do not grow with it.</summary>
public sealed class SecurityEventTests : IAuditStore
{
    private readonly FakeTimeProvider _time = new();
    private readonly List<NewAuditEntry> _rows = [];
    private readonly Lines _log = new();
    private readonly SecurityEvents _events;

    public SecurityEventTests() => _events = new(this, _time, _log);

    [Fact]
    public async Task A_refusal_is_said_once_a_minute_for_who_and_what()
    {
        for (var tries = 0; tries < 3; tries++) await _events.LimitedAsync(From("10.1.2.3"), "ada");
        await _events.LimitedAsync(From("10.1.2.3"), "bob\n2026-01-01 forged");
        await _events.LimitedAsync(From("10.1.2.4"), "ada");
        Assert.Equal([("10.1.2.3", "ada"), ("10.1.2.3", "bob\\u000A2026-01-01 forged"), ("10.1.2.4", "ada")], _rows.Select(row => (row.Name, row.Detail!)));
        Assert.Equal("195 Security: 10.1.2.3 asks for request more often than allowed (account: bob\\u000A2026-01-01 forged). Said once a minute.", _log.All[1]);
        Assert.Equal(3, _log.All.Count);

        _time.Advance(SecurityEvents.Window);
        await _events.LimitedAsync(From("10.1.2.3"), "ada");
        Assert.Equal(4, _rows.Count);
    }

    [Fact]
    public async Task Many_who_are_refused_fill_nothing()
    {
        for (var address = 0; address < 200; address++) await _events.LimitedAsync(From($"10.1.2.{address}"), null);
        Assert.Equal((SecurityEvents.MostInWindow, SecurityEvents.MostInWindow), (_rows.Count, _log.All.Count));
    }

    [Fact]
    public void A_lock_out_names_account_and_address()
    {
        _events.LockedOut(From("10.1.2.3"), "ada");
        Assert.Equal(["196 Security: the account ada is locked after too many wrong passwords, the last from 10.1.2.3."], _log.All);
    }

    private static DefaultHttpContext From(string address)
    {
        var context = new DefaultHttpContext();
        context.Connection.RemoteIpAddress = IPAddress.Parse(address);
        return context;
    }

    Task IAuditStore.AddAsync(NewAuditEntry entry, CancellationToken cancellation)
    {
        _rows.Add(entry);
        return Task.CompletedTask;
    }

    Task<Page<AuditEntry>> IAuditStore.ListAsync(AuditQuery query, CancellationToken cancellation) => throw new NotSupportedException();

    private sealed class Lines : ILogger<SecurityEvents>
    {
        public List<string> All { get; } = [];

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            All.Add($"{eventId.Id} {formatter(state, exception)}");
    }
}
