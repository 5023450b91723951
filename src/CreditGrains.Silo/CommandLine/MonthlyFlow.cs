using CreditGrains.Client;

namespace CreditGrains.Silo.CommandLine;

/// <summary>What a citizen was paid and paid in one month and currency, for the chart.</summary>
/// <param name="Month">The month's first day.</param>
/// <param name="Received">Received, in minor units.</param>
/// <param name="Paid">Paid and repaid, in minor units.</param>
internal readonly record struct MonthlyFlow(DateOnly Month, Int128 Received, Int128 Paid)
{
    private const int Months = 24;

    /// <summary>Sums the last 24 months up to the file's day, of what stands, in the currency that moves most.</summary>
    /// <param name="client">The ledger.</param>
    /// <param name="file">The file that the months go with.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <returns>The currency, and the months with the oldest first; no months if no money moved.</returns>
    public static async Task<(Currency Currency, IReadOnlyList<MonthlyFlow> Months)> ReadAsync(
        ILedgerClient client, CreditFile file, CancellationToken cancellation)
    {
        var moved = file.Totals.Where(row => SignOf(row.Kind) != 0 && row[Window.Months24].Count > 0).ToArray();
        if (moved.Length == 0) return (default, []);
        var currency = moved.GroupBy(row => row.Currency).MaxBy(group => group.Sum(row => row[Window.Months24].Count))!.Key;

        var last = new DateOnly(file.AsOf.Year, file.AsOf.Month, 1);
        var flows = Enumerable.Range(0, Months).Select(back => new MonthlyFlow(last.AddMonths(back - Months + 1), 0, 0)).ToArray();
        foreach (var (kind, money, day) in await StandingAsync(client, file, cancellation))
        {
            var index = ((day.Year - last.Year) * 12) + day.Month - last.Month + Months - 1;
            if (money.Currency != currency || index < 0 || index >= Months) continue;
            ref var flow = ref flows[index];
            if (SignOf(kind) > 0) flow = flow with { Received = flow.Received + money.MinorUnits };
            else if (SignOf(kind) < 0) flow = flow with { Paid = flow.Paid + money.MinorUnits };
        }

        return (currency, flows);
    }

    private static int SignOf(EntryKind kind) => kind switch
    {
        EntryKind.PaymentReceived => 1,
        EntryKind.PaymentMade or EntryKind.LoanRepaid => -1,
        _ => 0,
    };

    private static async Task<IEnumerable<(EntryKind Kind, Money Money, DateOnly Day)>> StandingAsync(
        ILedgerClient client, CreditFile file, CancellationToken cancellation)
    {
        // A linked id has its own history; an entry met under both ids is one entry.
        var standing = new Dictionary<(CitizenId, EntryReference), (EntryKind, Money, DateOnly)>();
        foreach (var citizen in file.Aliases.Insert(0, file.Citizen))
        {
            await foreach (var accepted in client.ReadHistoryAsync(citizen, cancellation))
            {
                if (accepted.Entry is not { } entry || accepted.RecordedAt > file.KnownAt || entry.OccurredOn > file.AsOf) continue;
                if (entry.Corrects is { } corrects) standing.Remove((entry.Citizen, corrects));
                var kind = entry.Detail is Correction correction ? correction.As : entry.Kind;
                var name = entry.Corrects ?? new EntryReference(entry.Furnisher, entry.Reference);
                if (kind != EntryKind.EntryReversed && entry.Money is { } money) standing[(entry.Citizen, name)] = (kind, money, entry.OccurredOn);
            }
        }

        return standing.Values;
    }
}
