using System.Collections.Frozen;
using System.Collections.Immutable;

namespace CreditGrains.Ledger;

/// <summary>The catalogue: every characteristic that a model may ask of a file. An input of another name is none of the ledger's.</summary>
/// <remarks>
/// All are functions of the file as of a day, as known at an instant; nothing later enters. A month back is one of the calendar: 0 is the as-of day's month up
/// to that day, and <em>whole</em> months are those from 1 back to the month of the first payment. Amounts are those of the main currency, in which
/// most entries with money are; they enter as ratios, so that a model holds for any currency.
/// Who the citizen is, knows, or buys what from enters nowhere: see <see cref="BannedInputs"/>.
/// </remarks>
public static class Characteristics
{
    internal const int HistoryMonths = 0;
    internal const int InflowRegularity = 1;
    internal const int PaymentRegularity = 2;
    internal const int NetInflow3 = 3;
    internal const int NetInflow6 = 4;
    internal const int NetInflow12 = 5;
    internal const int IncomeStability = 6;
    internal const int PaymentsAMonth = 7;
    internal const int Balance = 8;
    internal const int LowestBalance90Days = 9;
    internal const int LowestBalance12 = 10;
    internal const int BalanceVolatility = 11;
    internal const int PenaltyCharges = 12;
    internal const int MonthsSinceWorst = 13;
    internal const int Worst3 = 14;
    internal const int Worst6 = 15;
    internal const int Worst12 = 16;
    internal const int Worst24 = 17;
    internal const int Utilisation = 18;
    internal const int InstalmentsRepaid = 19;
    internal const int OpenTradelines = 20;
    internal const int ActiveLenders = 21;
    internal const int NewTradelines6 = 22;
    internal const int NewTradelines12 = 23;
    internal const int OldestTradeline = 24;
    internal const int NewestTradeline = 25;
    internal const int ChargeOffs = 26;
    internal const int DebtServiceToIncome = 27;
    internal const int DebtServiceToInflow = 28;
    internal const int ObligationsOnTime = 29;
    internal const int Obligations = 30;
    internal const int PublicRecords = 31;
    internal const int HardInquiries3 = 32;
    internal const int HardInquiries12 = 33;
    internal const int InvestmentTenure = 34;

    private const string NoPayment = "there is no payment in the main currency";
    private const string NoInflow = "no money came in in those months";
    private const string NoTradeline = "there is no tradeline";

    /// <summary>Gets all of them, in the order of a vector.</summary>
    public static ImmutableArray<Characteristic> All { get; } = Make();

    /// <summary>Gets how many there are: the length of a vector.</summary>
    public static int Count => All.Length;

    private static readonly FrozenDictionary<string, Characteristic> Named = All.ToFrozenDictionary(one => one.Name, StringComparer.Ordinal);

    /// <summary>Finds one by its name; null where the catalogue has none of it.</summary>
    /// <param name="name">The name.</param>
    public static Characteristic? Find(string name) => Named.GetValueOrDefault(name);

    private static ImmutableArray<Characteristic> Make()
    {
        var all = ImmutableArray.CreateBuilder<Characteristic>();
        void Add(int index, string name, string meaning, string unit, double low, double high, string missing, params ImmutableArray<DataClass> needs)
        {
            Invariant.Holds(index == all.Count);
            all.Add(new(index, name, meaning, unit, low, high, missing, needs));
        }

        Add(HistoryMonths, "history_months", "How long payments are known", "months", 0, 60, NoPayment, DataClass.Credit);
        Add(InflowRegularity, "inflow_regularity_12", "Share of the last 12 whole months in which money came in", "share", 0, 1, "no month since the first payment is whole", DataClass.Credit);
        Add(PaymentRegularity, "payment_regularity_12", "Share of the last 12 whole months in which something was paid", "share", 0, 1, "no month since the first payment is whole", DataClass.Credit);
        Add(NetInflow3, "net_inflow_share_3", "What was left of the money that came in, of the last 3 months", "share of inflow", -10, 1, NoInflow, DataClass.Credit);
        Add(NetInflow6, "net_inflow_share_6", "What was left of the money that came in, of the last 6 months", "share of inflow", -10, 1, NoInflow, DataClass.Credit);
        Add(NetInflow12, "net_inflow_share_12", "What was left of the money that came in, of the last 12 months", "share of inflow", -10, 1, NoInflow, DataClass.Credit);
        Add(IncomeStability, "income_stability_12", "How alike the inflows of the last 12 whole months are: 1 less their standard deviation over their mean, at least 0", "ratio", 0, 1, "fewer than 3 months are whole, or nothing came in in them", DataClass.Credit);
        Add(PaymentsAMonth, "payments_a_month_6", "How many payments, in and out, a month of the last 6 whole ones has", "payments", 0, 1_000, "no month since the first payment is whole", DataClass.Credit);
        Add(Balance, "balance_in_inflows", "Everything that came in less everything that was paid, in mean monthly inflows of the last 6 whole months", "months of inflow", -24, 120, NoInflow, DataClass.Credit);
        Add(LowestBalance90Days, "lowest_balance_90_days", "The lowest that balance was at the end of a day of the last 90", "months of inflow", -24, 120, NoInflow, DataClass.Credit);
        Add(LowestBalance12, "lowest_balance_12", "The lowest that balance was at the end of a month of the last 12", "months of inflow", -24, 120, NoInflow, DataClass.Credit);
        Add(BalanceVolatility, "balance_volatility_12", "The standard deviation of that balance at the ends of the last 12 whole months", "months of inflow", 0, 120, "fewer than 3 months are whole, or " + NoInflow, DataClass.Credit);
        Add(PenaltyCharges, "penalty_charges_12", "How many charges for an overdrawn account were paid in the last 12 months", "charges", 0, 1_000, NoPayment, DataClass.Credit);
        Add(MonthsSinceWorst, "months_since_worst_delinquency", "How long ago any tradeline was as far past due as it ever was in 60 months", "months", 0, 59, "none was past due", DataClass.Credit);
        Add(Worst3, "worst_delinquency_3", "The most days that a tradeline was past due in the last 3 months", "days", 0, 9_999, "no tradeline says", DataClass.Credit);
        Add(Worst6, "worst_delinquency_6", "The most days that a tradeline was past due in the last 6 months", "days", 0, 9_999, "no tradeline says", DataClass.Credit);
        Add(Worst12, "worst_delinquency_12", "The most days that a tradeline was past due in the last 12 months", "days", 0, 9_999, "no tradeline says", DataClass.Credit);
        Add(Worst24, "worst_delinquency_24", "The most days that a tradeline was past due in the last 24 months", "days", 0, 9_999, "no tradeline says", DataClass.Credit);
        Add(Utilisation, "utilisation", "What is owed on open revolving tradelines, of their limits", "share", 0, 10, "no open revolving tradeline has a limit", DataClass.Credit);
        Add(InstalmentsRepaid, "instalments_repaid_share", "What was repaid of open loans with a schedule, of all their instalments", "share", 0, 1, "no open loan has a schedule", DataClass.Credit);
        Add(OpenTradelines, "open_tradelines", "How many tradelines are open", "tradelines", 0, 256, "never", DataClass.Credit);
        Add(ActiveLenders, "active_lenders", "How many bodies hold open tradelines", "lenders", 0, 64, "never", DataClass.Credit);
        Add(NewTradelines6, "new_tradelines_6", "How many tradelines were opened in the last 6 months", "tradelines", 0, 256, "never", DataClass.Credit);
        Add(NewTradelines12, "new_tradelines_12", "How many tradelines were opened in the last 12 months", "tradelines", 0, 256, "never", DataClass.Credit);
        Add(OldestTradeline, "oldest_tradeline_months", "How old the oldest tradeline is", "months", 0, 1_200, NoTradeline + " with a day of opening", DataClass.Credit);
        Add(NewestTradeline, "newest_tradeline_months", "How old the newest tradeline is", "months", 0, 1_200, NoTradeline + " with a day of opening", DataClass.Credit);
        Add(ChargeOffs, "charge_offs", "How many tradelines were charged off", "tradelines", 0, 256, "never", DataClass.Credit);
        Add(DebtServiceToIncome, "debt_service_to_income", "Instalments due a month, of the mean monthly income reported in the last 6 months", "share", 0, 100, "no income was reported in them", DataClass.Credit, DataClass.Income);
        Add(DebtServiceToInflow, "debt_service_to_inflow", "Instalments due a month, of the mean monthly inflow of the last 6 whole months", "share", 0, 100, NoInflow, DataClass.Credit);
        Add(ObligationsOnTime, "obligations_on_time_12", "Share of bills that are no credit that were met on time, of the last 12 months", "share", 0, 1, "none was reported in them", DataClass.NonCredit);
        Add(Obligations, "obligations_12", "How many bills that are no credit were reported in the last 12 months", "bills", 0, 10_000, "never", DataClass.NonCredit);
        Add(PublicRecords, "public_records_active", "How many public records have an effect", "records", 0, 10_000, "never", DataClass.PublicRecord);
        Add(HardInquiries3, "hard_inquiries_3", "How often somebody looked because of new credit in the last 3 months", "inquiries", 0, 10_000, "never", DataClass.Access);
        Add(HardInquiries12, "hard_inquiries_12", "How often somebody looked because of new credit in the last 12 months", "inquiries", 0, 10_000, "never", DataClass.Access);
        Add(InvestmentTenure, "investment_tenure_months", "How long the oldest position that is still held has been", "months", 0, 1_200, "none is held", DataClass.Investment);
        return all.DrainToImmutable();
    }
}
