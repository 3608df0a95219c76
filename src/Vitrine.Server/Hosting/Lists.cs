namespace Vitrine.Server.Hosting;

/// <summary>What lists have in common.</summary>
internal static class Lists
{
    public const int DefaultLimit = 50;
    public const int MaxLimit = 200;

    /// <summary>A cursor of another query is the caller's mistake: the stores say so with a <see cref="FormatException"/>.</summary>
    public static RouteGroupBuilder WithCursors(this RouteGroupBuilder group) =>
        group.AddEndpointFilter(static async (context, next) =>
        {
            try
            {
                return await next(context);
            }
            catch (FormatException)
            {
                return Problems.BadCursor.ToResult();
            }
        });
}
