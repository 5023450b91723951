using System.Text.Json;
using CreditGrains.Silo.Imports.Entries;

namespace CreditGrains.Silo.CommandLine;

/// <summary>Writes a credit file as one JSON object for programs.</summary>
internal static class FileJson
{
    private static readonly (Window Window, string Name)[] Windows =
    [
        (Window.Days7, "7d"), (Window.Days30, "30d"), (Window.Days90, "90d"), (Window.Months3, "3m"),
        (Window.Months6, "6m"), (Window.Months12, "12m"), (Window.Months24, "24m"), (Window.Months60, "60m"),
    ];

    /// <summary>Writes a file.</summary>
    /// <param name="json">Where to.</param>
    /// <param name="file">What.</param>
    public static void Write(Utf8JsonWriter json, CreditFile file)
    {
        json.WriteStartObject();
        json.WriteString("citizen", file.Citizen.ToString());
        json.WriteDay("asOf", file.AsOf);
        json.WriteInstant("knownAt", file.KnownAt);
        json.WriteNumber("entries", file.Entries);
        json.WriteString("coverage", CodeOf(file.Coverage));
        WriteTotals(json, "lifetime", file, Window.Lifetime);
        json.WriteStartObject("windows");
        foreach (var (window, name) in Windows) WriteTotals(json, name, file, window);
        json.WriteEndObject();
        WriteAll(json, "tradelines", file.Tradelines, WriteTradeline);
        WriteAll(json, "investments", file.Positions, WritePosition);
        WriteAll(json, "categories", file.Categories, WriteCategory);
        WriteProfile(json, file.Profile);
        json.WriteStartArray("aliases");
        foreach (var alias in file.Aliases) json.WriteStringValue(alias.ToString());
        json.WriteEndArray();
        json.WriteBoolean("refolded", file.Refolded);
        json.WriteEndObject();
    }

    /// <summary>Gives the code of a coverage, as reports spell it.</summary>
    /// <param name="coverage">The coverage.</param>
    public static string CodeOf(Coverage coverage) => coverage switch
    {
        Coverage.NoFile => "NO_FILE",
        Coverage.Thin => "THIN",
        Coverage.Scorable => "SCORABLE",
        _ => throw new ArgumentOutOfRangeException(nameof(coverage)),
    };

    // Kinds without an entry in the window are left out. The totals come ordered by currency and kind.
    private static void WriteTotals(Utf8JsonWriter json, string name, CreditFile file, Window window)
    {
        json.WriteStartObject(name);
        Currency? open = null;
        foreach (var row in file.Totals)
        {
            if (row[window].Count == 0) continue;
            if (open != row.Currency)
            {
                if (open is not null) json.WriteEndObject();
                json.WriteStartObject(row.Currency.ToString());
                open = row.Currency;
            }

            WriteTotal(json, row.Kind.ToString(), row[window]);
        }

        if (open is not null) json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteTradeline(Utf8JsonWriter json, TradelineView tradeline)
    {
        var currency = tradeline.Currency;
        json.WriteStartObject();
        json.WriteString("id", tradeline.Id.Value);
        json.WriteString("furnisher", tradeline.Furnisher.Value);
        json.WriteDay("opened", tradeline.OpenedOn);
        json.WriteMoney("principal", currency, tradeline.PrincipalMinorUnits);
        WriteMaybe(json, "termMonths", tradeline.Terms?.TermMonths);
        json.WriteMoney("instalment", currency, tradeline.Terms?.InstalmentMinorUnits);
        json.WriteMoney("repaid", currency, tradeline.RepaidMinorUnits);
        json.WriteMoney("outstanding", currency, tradeline.OutstandingMinorUnits);
        WriteMaybe(json, "daysPastDue", tradeline.DaysPastDue);
        json.WriteStartArray("grid");
        foreach (var cell in tradeline.Grid)
        {
            if (cell == TradelineView.Unknown) json.WriteNullValue();
            else json.WriteNumberValue(cell);
        }

        json.WriteEndArray();
        json.WriteStartArray("coLenders");
        foreach (var lender in tradeline.Terms?.CoLenders ?? [])
        {
            json.WriteStartObject();
            json.WriteString("organisation", lender.Organisation.Value);
            json.WriteNumber("basisPoints", lender.BasisPoints);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteString("portfolio", tradeline.Terms?.Portfolio.ToString());
        json.WriteMoney("drawn", currency, tradeline.DrawnMinorUnits);
        json.WriteMoney("limit", currency, tradeline.LimitMinorUnits);
        json.WriteString("status", tradeline.Status?.ToString());
        json.WriteDay("closed", tradeline.ClosedOn);
        json.WriteDay("chargedOffOn", tradeline.ChargedOffOn);
        json.WriteMoney("chargedOff", currency, tradeline.ChargedOffMinorUnits);
        json.WriteEndObject();
    }

    private static void WritePosition(Utf8JsonWriter json, PositionView position)
    {
        json.WriteStartObject();
        json.WriteString("id", position.Id.Value);
        json.WriteString("units", EntryJsonWriter.UnitsText(position.Units));
        json.WriteMoney("cost", position.Currency, position.CostMinorUnits);
        json.WriteMoney("value", position.Currency, position.ValueMinorUnits);
        json.WriteMoney("netInflow", position.Currency, position.NetInflowMinorUnits);
        json.WriteDay("valuedOn", position.ValuedOn);
        json.WriteEndObject();
    }

    private static void WriteCategory(Utf8JsonWriter json, CategoryTotals row)
    {
        json.WriteStartObject();
        json.WriteString("category", row.Category);
        json.WriteString("currency", row.Currency.ToString());
        json.WriteString("kind", row.Kind.ToString());
        WriteTotal(json, "lifetime", row.Lifetime);
        WriteTotal(json, "12m", row.Months12);
        json.WriteEndObject();
    }

    private static void WriteProfile(Utf8JsonWriter json, CitizenProfile? profile)
    {
        if (profile is null)
        {
            json.WriteNull("profile");
            return;
        }

        json.WriteStartObject("profile");
        json.WriteString("province", profile.Province);
        WriteMaybe(json, "birthYear", profile.BirthYear);
        json.WriteEndObject();
    }

    private static void WriteTotal(Utf8JsonWriter json, string name, Total total)
    {
        json.WriteStartObject(name);
        json.WriteNumber("count", total.Count);
        json.WriteWhole("minorUnits", total.MinorUnits);
        json.WriteEndObject();
    }

    private static void WriteMaybe(Utf8JsonWriter json, string name, int? number)
    {
        if (number is { } known) json.WriteNumber(name, known);
        else json.WriteNull(name);
    }

    private static void WriteAll<T>(Utf8JsonWriter json, string name, System.Collections.Immutable.ImmutableArray<T> all, Action<Utf8JsonWriter, T> write)
    {
        json.WriteStartArray(name);
        foreach (var one in all) write(json, one);
        json.WriteEndArray();
    }
}
