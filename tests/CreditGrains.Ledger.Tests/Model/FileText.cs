using System.Globalization;
using System.Text;

namespace CreditGrains.Ledger.Tests;

/// <summary>A file as text, all of it, so that two can be compared and a difference read.</summary>
internal static class FileText
{
    internal static string Of(CreditFile file)
    {
        StringBuilder text = new();
        Say($"citizen {file.Citizen} as of {file.AsOf} entries {file.Entries} coverage {file.Coverage}");
        foreach (var kind in file.Totals) Say($"total {kind.Currency} {kind.Kind} {string.Join(' ', kind.Totals.Select(total => $"{total.Count}:{total.MinorUnits}"))}");
        foreach (var category in file.Categories)
            Say($"category {category.Category} {category.Currency} {category.Kind} {category.Lifetime.Count}:{category.Lifetime.MinorUnits} {category.Months12.Count}:{category.Months12.MinorUnits}");
        foreach (var tradeline in file.Tradelines)
        {
            Say($"tradeline {tradeline.Id} {tradeline.Furnisher} {tradeline.Currency} opened {tradeline.OpenedOn} principal {tradeline.PrincipalMinorUnits} terms {Terms(tradeline.Terms)}");
            Say($"  drawn {tradeline.DrawnMinorUnits} repaid {tradeline.RepaidMinorUnits} outstanding {tradeline.OutstandingMinorUnits} limit {tradeline.LimitMinorUnits} past due {tradeline.DaysPastDue}");
            Say($"  status {tradeline.Status} closed {tradeline.ClosedOn} charged off {tradeline.ChargedOffOn} {tradeline.ChargedOffMinorUnits}");
            Say($"  grid {string.Join(' ', tradeline.Grid)}");
        }

        foreach (var position in file.Positions)
            Say($"position {position.Id} {position.Currency} units {position.Units} cost {position.CostMinorUnits} value {position.ValueMinorUnits} on {position.ValuedOn} inflow {position.NetInflowMinorUnits}");
        Say($"profile {file.Profile?.Province} {file.Profile?.BirthYear}");
        Say($"aliases {string.Join(' ', file.Aliases)}");
        return text.ToString();

        void Say(FormattableString line) => text.AppendLine(line.ToString(CultureInfo.InvariantCulture));
    }

    private static string Terms(LoanTerms? terms) => terms is null
        ? "unknown"
        : string.Create(CultureInfo.InvariantCulture, $"{terms.Portfolio} {terms.TermMonths} {terms.InstalmentMinorUnits} {terms.LimitMinorUnits} [{string.Join(' ', terms.CoLenders)}]");
}
