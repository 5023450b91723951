namespace CreditGrains.Silo.Nation;

/// <summary>The citizen that measurements are made with: 24 months, 500 entries, two tradelines, everything paid on time.</summary>
internal static class OrdinaryCitizen
{
    /// <summary>How many months.</summary>
    public const int Months = 24;

    /// <summary>How many entries, exactly.</summary>
    public const int EntryCount = 500;

    private const int LoanMonths = 36;

    /// <summary>Makes the citizen's entries in the order of days.</summary>
    /// <param name="seed">What everything is drawn from.</param>
    /// <param name="number">Which citizen; another number is another life of the same shape.</param>
    /// <param name="citizen">The citizen's id.</param>
    /// <param name="from">The first day of the first month.</param>
    public static IEnumerable<Entry> Entries(ulong seed, ulong number, CitizenId citizen, DateOnly from)
    {
        var random = new RandomStream(seed, number);
        var habit = new PaymentHabit(Reliability.OnTime);
        var salary = RegularIncome.Salary(random);
        var household = new Household(random, salary.Monthly, 0, 0);
        ILifePart[] parts =
        [
            new CivilLife(random, from.Year - 60, from.Year - 25, 0, Months),
            salary,
            Bill.Telecom(random, habit),
            Bill.Utility(random, habit),
            new CreditCard(random, habit, salary.Monthly, 1, opensIn: 0),
            new InstalmentLoan(random, habit, salary.Monthly, 2, opensIn: 0, LoanMonths),
        ];

        for (var index = 0; index < Months; index++)
        {
            var month = new MonthBook(citizen, index, from.AddMonths(index));
            foreach (var part in parts) part.Live(month);

            // Every month its share of the whole, the first ones one more; what the other parts leave is payments.
            var share = (EntryCount / Months) + (index < EntryCount % Months ? 1 : 0);
            while (month.Count < share) household.Pay(month);
            foreach (var entry in month.InOrder()) yield return entry;
        }
    }
}
