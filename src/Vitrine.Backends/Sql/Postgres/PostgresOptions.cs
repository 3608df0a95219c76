using System.ComponentModel.DataAnnotations;

namespace Vitrine.Backends.Sql.Postgres;

/// <summary>The database of several nodes: PostgreSQL, 15 or later. Its encoding is UTF8, and its user owns it.</summary>
public sealed record PostgresOptions
{
    /// <summary>Host=HOST;Port=5432;Database=NAME;Username=NAME;Password=SECRET, and SSL Mode=VerifyFull for TLS. Better given as VITRINE__Postgres__ConnectionString than in the file. Empty: the database is a file in the data folder, for one node alone.</summary>
    [StringLength(2000)]
    public string ConnectionString { get; init; } = "";

    /// <summary>Connections that read at the same time; beside them a node has one that writes, and one that listens.</summary>
    [Range(1, 64)]
    public int Readers { get; init; } = 8;

    /// <summary>The longest that one statement may take, waiting for the writes of other nodes included; seconds.</summary>
    [Range(1, 600)]
    public int StatementSeconds { get; init; } = 15;

    /// <summary>A node that begins a write and then says nothing for so long loses it, so that the others go on; seconds.</summary>
    [Range(1, 60)]
    public int StallSeconds { get; init; } = 2;

    /// <summary>How long reads and writes wait for a server that is not there before they fail; seconds.</summary>
    [Range(0, 600)]
    public int ReconnectSeconds { get; init; } = 10;

    public bool IsOn => ConnectionString.Length > 0;
}
