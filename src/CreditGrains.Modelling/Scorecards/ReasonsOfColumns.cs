using System.Globalization;
using CreditGrains.Ledger;

namespace CreditGrains.Modelling;

/// <summary>Gives each column of a scorecard its reason.</summary>
/// <remarks>
/// A characteristic of the ledger's catalogue has the same code in every model: R and its number in the catalogue, from 01. Other columns have their name in capitals, cut to
/// what a code may hold, and where that is taken already a number behind it.
/// </remarks>
internal sealed class ReasonsOfColumns
{
    private const int MaxCodeLength = 16;

    private readonly Dictionary<string, DocumentReason> _reasons = new(StringComparer.Ordinal);
    private readonly HashSet<string> _taken = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Makes reasons for columns; those of the catalogue get their codes before the others.</summary>
    /// <param name="columns">The names, no two alike.</param>
    /// <param name="given">Reasons that are chosen already; null for none.</param>
    internal ReasonsOfColumns(IReadOnlyList<string> columns, IReadOnlyDictionary<string, DocumentReason>? given)
    {
        foreach (var column in columns)
            if (given?.GetValueOrDefault(column) is { } reason) Add(column, reason);
        foreach (var column in columns)
            if (Ledger.Characteristics.Find(column) is { } known && !_reasons.ContainsKey(column)) Add(column, new(Free(Numbered("R", known.Index + 1)), $"This cost points: {Uncapitalised(known.Meaning)}."));
        for (var place = 0; place < columns.Count; place++)
            if (!_reasons.ContainsKey(columns[place])) Add(columns[place], new(Free(Spelt(columns[place], place)), $"This cost points: what was given as {columns[place]}."));
    }

    internal DocumentReason Of(string column) => _reasons[column];

    private void Add(string column, DocumentReason reason)
    {
        _reasons.Add(column, reason);
        _taken.Add(reason.Code.Trim());
    }

    private string Free(string wished)
    {
        var code = Cut(wished, MaxCodeLength);
        for (var count = 2; _taken.Contains(code); count++)
        {
            var number = string.Create(CultureInfo.InvariantCulture, $"_{count}");
            code = Cut(wished, MaxCodeLength - number.Length).TrimEnd('_') + number;
        }

        return code;
    }

    // A name in an alphabet of which a code can hold nothing would be underscores alone.
    private static string Spelt(string column, int place)
    {
        var spelt = string.Concat(column.Select(character => char.IsAsciiLetterOrDigit(character) ? char.ToUpperInvariant(character) : '_'));
        return spelt.All(character => character == '_') ? Numbered("COLUMN_", place + 1) : spelt;
    }

    private static string Numbered(string letters, int number) => letters + number.ToString("00", CultureInfo.InvariantCulture);

    private static string Cut(string text, int length) => text.Length <= length ? text : text[..length];

    private static string Uncapitalised(string sentence) => char.ToLowerInvariant(sentence[0]) + sentence[1..];
}
