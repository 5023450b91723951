using System.Globalization;
using CreditGrains.Silo.Imports.Entries;
using Spectre.Console;

namespace CreditGrains.Silo.CommandLine;

/// <summary>Draws a credit file for people: totals, the last months, tradelines with their grid, investments.</summary>
internal static class FileDrawing
{
    private const int BarWidth = 32;
    private const int GridCells = 24;

    private static readonly (Window Window, string Name)[] Columns =
        [(Window.Days30, "30 days"), (Window.Months3, "3 months"), (Window.Months12, "12 months"), (Window.Lifetime, "lifetime")];

    /// <summary>Draws a file.</summary>
    /// <param name="screen">Where to.</param>
    /// <param name="file">What.</param>
    /// <param name="flow">The months of the chart, and their currency.</param>
    public static void Draw(IAnsiConsole screen, CreditFile file, (Currency Currency, IReadOnlyList<MonthlyFlow> Months) flow)
    {
        DrawHead(screen, file);
        if (file.Coverage == Coverage.NoFile && file.Totals.IsEmpty)
        {
            screen.WriteLine("Nothing is known of this citizen. If that surprises you, check the REF and the day.");
            return;
        }

        DrawTotals(screen, file);
        if (flow.Months.Count > 0) DrawMonths(screen, flow.Currency, flow.Months);
        if (!file.Tradelines.IsEmpty) DrawTradelines(screen, file);
        if (!file.Positions.IsEmpty) DrawPositions(screen, file);
    }

    private static void DrawHead(IAnsiConsole screen, CreditFile file)
    {
        var colour = file.Coverage switch { Coverage.Scorable => "green", Coverage.Thin => "yellow", _ => "grey" };
        screen.MarkupLine(string.Create(CultureInfo.InvariantCulture,
            $"[bold]{file.Citizen}[/]  as of [bold]{file.AsOf:yyyy-MM-dd}[/]  [{colour}]{FileJson.CodeOf(file.Coverage)}[/]  {file.Entries:N0} entries"));
        var profile = string.Join(", ", new[] { file.Profile?.Province, file.Profile?.BirthYear is { } year ? $"born {year.ToString(CultureInfo.InvariantCulture)}" : null }.OfType<string>());
        if (profile.Length > 0) screen.WriteLine(profile);
        if (!file.Aliases.IsEmpty) screen.WriteLine($"also known as {string.Join(", ", file.Aliases)}");
        if (file.Refolded) screen.WriteLine("Further back than the rolling windows: the journal was folded anew for this answer.");
    }

    private static void DrawTotals(IAnsiConsole screen, CreditFile file)
    {
        var table = new Table().Border(TableBorder.Rounded).AddColumn("kind").AddColumn(new TableColumn("count").RightAligned());
        foreach (var (_, name) in Columns) table.AddColumn(new TableColumn(name).RightAligned());
        foreach (var row in file.Totals)
        {
            // Where there is nothing to sum, the windows count.
            var hasSum = row.Currency != default && Amounts.CanBeSummed(row.Kind);
            var cells = Columns.Select(column => hasSum ? Amounts.Of(row.Currency, row[column.Window].MinorUnits) : Times(row[column.Window].Count));
            table.AddRow([row.Kind.ToString(), row[Window.Lifetime].Count.ToString("N0", CultureInfo.InvariantCulture), .. cells]);
        }

        screen.Write(table);
    }

    private static string Times(long count) => count.ToString("N0", CultureInfo.InvariantCulture) + " ×";

    private static void DrawMonths(IAnsiConsole screen, Currency currency, IReadOnlyList<MonthlyFlow> months)
    {
        var highest = months.Max(month => Int128.Max(month.Received, month.Paid));
        screen.MarkupLine($"[bold]The last {months.Count} months[/], in {currency}: [green]received[/] and [red]paid[/]");
        foreach (var (month, received, paid) in months.SkipWhile(month => month.Received == 0 && month.Paid == 0))
        {
            screen.MarkupLine(string.Create(CultureInfo.InvariantCulture,
                $"{month:yyyy-MM}  [green]{Bar(received, highest)}[/] {Amounts.Bare(currency, received),14}   [red]{Bar(paid, highest)}[/] {Amounts.Bare(currency, paid),14}"));
        }
    }

    // Eighths of a block, so that small months do not vanish.
    private static string Bar(Int128 amount, Int128 highest)
    {
        if (highest <= 0 || amount <= 0) return new string(' ', BarWidth);
        var eighths = (int)Int128.Max(1, amount * (BarWidth * 8) / highest);
        var bar = new string('█', eighths / 8) + (eighths % 8 > 0 ? "▏▎▍▌▋▊▉"[(eighths % 8) - 1] : "");
        return bar.PadRight(BarWidth);
    }

    private static void DrawTradelines(IAnsiConsole screen, CreditFile file)
    {
        var table = new Table().Border(TableBorder.Rounded).Title("Tradelines").AddColumns("id", "furnisher", "opened", "state");
        foreach (var name in new[] { "principal or limit", "repaid", "outstanding", "days past due" }) table.AddColumn(new TableColumn(name).RightAligned());
        foreach (var tradeline in file.Tradelines)
        {
            var lent = tradeline.LimitMinorUnits ?? (Int128?)tradeline.PrincipalMinorUnits;
            table.AddRow(
                Markup.Escape(tradeline.Id.ToString()), Markup.Escape(tradeline.Furnisher.ToString()),
                tradeline.OpenedOn?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) ?? Amounts.None, StateOf(tradeline),
                Amounts.Of(tradeline.Currency, lent), Amounts.Of(tradeline.Currency, tradeline.RepaidMinorUnits),
                Amounts.Of(tradeline.Currency, tradeline.OutstandingMinorUnits),
                tradeline.DaysPastDue?.ToString(CultureInfo.InvariantCulture) ?? Amounts.None);
        }

        screen.Write(table);
        screen.MarkupLine($"Days past due by month, oldest left: [green]0[/] none  [yellow]1[/] 1–29  [orange1]3[/] 30–59  [red]6[/] 60–89  [red]9[/] 90 and more  [grey]·[/] unknown");
        foreach (var tradeline in file.Tradelines)
        {
            var cells = tradeline.Grid.Take(GridCells).Reverse().Select(Cell);
            screen.MarkupLine($"  {Markup.Escape(tradeline.Id.ToString()),-20} {string.Concat(cells)}{SharesOf(tradeline)}");
        }
    }

    private static string StateOf(TradelineView tradeline) => tradeline switch
    {
        { ChargedOffOn: not null } => "charged off",
        { ClosedOn: not null } => "closed",
        { Terms: null } => "terms unknown",
        _ => "open",
    };

    private static string Cell(short days) => days switch
    {
        TradelineView.Unknown => "[grey]·[/]",
        0 => "[green]0[/]",
        < 30 => "[yellow]1[/]",
        < 60 => "[orange1]3[/]",
        < 90 => "[red]6[/]",
        _ => "[red bold]9[/]",
    };

    private static string SharesOf(TradelineView tradeline) => tradeline.Terms is { CoLenders.IsDefaultOrEmpty: false } terms
        ? "  " + Markup.Escape(string.Join(" + ", terms.CoLenders.Select(lender => string.Create(CultureInfo.InvariantCulture, $"{lender.Organisation} {lender.BasisPoints / 100m:0.##} %"))))
        : "";

    private static void DrawPositions(IAnsiConsole screen, CreditFile file)
    {
        var table = new Table().Border(TableBorder.Rounded).Title("Investments").AddColumn("id");
        foreach (var name in new[] { "units", "cost", "value", "net inflow" }) table.AddColumn(new TableColumn(name).RightAligned());
        foreach (var position in file.Positions)
        {
            table.AddRow(
                Markup.Escape(position.Id.ToString()), EntryJsonWriter.UnitsText(position.Units),
                Amounts.Of(position.Currency, position.CostMinorUnits), Amounts.Of(position.Currency, position.ValueMinorUnits),
                Amounts.Of(position.Currency, position.NetInflowMinorUnits));
        }

        screen.Write(table);
    }
}
