using System.Globalization;
using System.Text.Json;
using CreditGrains.Silo.Imports.Entries;

namespace CreditGrains.Silo.Tests.Crash;

/// <summary>Payments made for tests, with what they sum to.</summary>
internal static class Payments
{
    internal static readonly Currency Currency = Currency.Of("CZK");

    private static readonly FurnisherId Furnisher = new("bank-a");

    /// <summary>The n-th citizen, of the partition of its number among eight.</summary>
    internal static CitizenId Citizen(int number) => new(((ulong)number << 61) + (ulong)number + 1, (ulong)number + 1);

    /// <summary>The n-th payment of a citizen.</summary>
    internal static Entry Of(CitizenId citizen, int number) => new()
    {
        Citizen = citizen,
        Kind = EntryKind.PaymentMade,
        Furnisher = Furnisher,
        Reference = string.Create(CultureInfo.InvariantCulture, $"p/{number}"),
        OccurredOn = new DateOnly(2024, 1, 1).AddDays(number % 300),
        Money = new Money(100 + number, Currency),
    };

    /// <summary>Writes entries as the lines that import entries reads.</summary>
    internal static string WriteFile(TempFolder temp, string name, IEnumerable<Entry> entries)
    {
        using var file = File.Create(temp[name]);
        foreach (var entry in entries)
        {
            using (var json = new Utf8JsonWriter(file))
            {
                json.WriteStartObject();
                EntryJsonWriter.WriteFields(json, entry);
                json.WriteEndObject();
            }

            file.WriteByte((byte)'\n');
        }

        return temp[name];
    }

    /// <summary>Holds what totals --json says against entries that are each to count once.</summary>
    internal static void AssertTotals(IReadOnlyCollection<Entry> entries, JsonElement totals)
    {
        Assert.Equal(entries.Select(entry => entry.Citizen).Distinct().Count(), totals.GetProperty("citizens").GetInt64());
        Assert.Equal(entries.Count, totals.GetProperty("entries").GetInt64());
        var row = Assert.Single(totals.GetProperty("totals").EnumerateArray());
        Assert.Equal(entries.Count, row.GetProperty("count").GetInt64());
        Assert.Equal(entries.Sum(entry => entry.Money!.Value.MinorUnits), row.GetProperty("minorUnits").GetInt64());
    }
}
