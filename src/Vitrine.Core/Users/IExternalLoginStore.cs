namespace Vitrine.Core.Users;

/// <summary>
/// Who a user is at an OpenID provider. Promise: a person is known by issuer and subject alone. Neither a name nor an address ever leads to a user who is there
/// already, so whoever can choose their name at the provider gains nothing by it.
/// </summary>
public interface IExternalLoginStore
{
    /// <summary>
    /// The user of this person, with the role that the provider gives now; a new user where the person is not known. Where that role may do less than the one
    /// before, the sessions that began with it end.
    /// </summary>
    /// <returns>Null: the user is disabled, or is the last Admin and would be none; or the person is not known, and no name like the wanted one is free.</returns>
    Task<User?> FindOrAddAsync(ExternalLogin login, Role role, CancellationToken cancellation);

    /// <summary>The provider gives this person no role any more: all sessions and API keys of the user end.</summary>
    /// <returns>Null: the person is not known.</returns>
    Task<UserId?> WithdrawAsync(string issuer, string subject, CancellationToken cancellation);
}

/// <param name="WantedName">The name of a new user; where another user has it, a number is added.</param>
/// <param name="PasswordHash">Of a password that nobody knows: the user can sign in by the provider alone, and a try by password costs what it always costs.</param>
public sealed record ExternalLogin(string Issuer, string Subject, string WantedName, string PasswordHash)
{
    /// <summary>How many names are tried: the wanted one, then with -2, -3, and so on.</summary>
    public const int MaxNames = 100;

    /// <summary>Who it is, for what is written down.</summary>
    public string Person => $"{Subject} of {Issuer}";

    public IEnumerable<string> Names => Enumerable.Range(1, MaxNames).Select(number => number == 1 ? WantedName : $"{WantedName}-{number}");
}
