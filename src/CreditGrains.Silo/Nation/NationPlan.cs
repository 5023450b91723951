namespace CreditGrains.Silo.Nation;

/// <summary>What makes a nation: the same plan makes the same entries, to the last one.</summary>
/// <param name="Citizens">How many citizens, from 1 to <see cref="MaxCitizens"/>.</param>
/// <param name="Months">How many months, from 1 to <see cref="MaxMonths"/>.</param>
/// <param name="Seed">What everything is drawn from.</param>
/// <param name="From">The first day of the first month.</param>
internal sealed record NationPlan(int Citizens, int Months, ulong Seed, DateOnly From)
{
    /// <summary>The largest nation. A citizen takes a few KB of memory while the nation is made, month by month.</summary>
    public const int MaxCitizens = 10_000_000;

    /// <summary>The longest time: fifty years.</summary>
    public const int MaxMonths = 600;

    /// <summary>The scheme of the citizens' references.</summary>
    public const string Scheme = "sim";

    /// <summary>The scheme of the second ids that a few citizens have until they are linked.</summary>
    public const string PassportScheme = "sim-passport";

    /// <summary>Gets the last day of the last month.</summary>
    public DateOnly LastDay => From.AddMonths(Months).AddDays(-1);
}
