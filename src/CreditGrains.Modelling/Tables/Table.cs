using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.InteropServices;

namespace CreditGrains.Modelling;

/// <summary>Rows of observations, kept by column.</summary>
/// <remarks>
/// A cell that is empty, <c>NA</c> or <c>?</c>, with or without blanks around it, is missing. A column is numeric if each cell that is not
/// missing reads as a finite number (invariant culture, a decimal point, an exponent allowed) and it was not asked for as texts; otherwise
/// its cells are texts, without the blanks around them. A column with no value at all is numeric.
/// </remarks>
public sealed class Table
{
    private readonly Dictionary<string, Column> _byName;

    /// <summary>Makes a table of columns.</summary>
    /// <param name="columns">One or more, of the same length and with different names.</param>
    /// <exception cref="ArgumentException">They are not: a bug in the caller, who made them.</exception>
    public Table(params IReadOnlyList<Column> columns)
    {
        if (columns.Count == 0) throw new ArgumentException("A table has a column.", nameof(columns));
        if (columns.Any(column => column.RowCount != columns[0].RowCount)) throw new ArgumentException("The columns differ in length.", nameof(columns));

        Columns = [.. columns];
        RowCount = columns[0].RowCount;
        _byName = columns.ToDictionary(column => column.Name, StringComparer.Ordinal);
    }

    /// <summary>Gets the columns, in their order.</summary>
    public ImmutableArray<Column> Columns { get; }

    /// <summary>Gets how many rows there are.</summary>
    public int RowCount { get; }

    /// <summary>Finds a column by its name, to the letter; null if there is none.</summary>
    /// <param name="name">Which.</param>
    public Column? Find(string name) => _byName.GetValueOrDefault(name);

    /// <summary>Makes a table of cells that were parsed already.</summary>
    /// <param name="header">The names.</param>
    /// <param name="rows">The cells of each row, read once, from the first to the last.</param>
    /// <param name="textColumns">Names of columns to be kept as texts whatever is in them: codes, and ids of more than 15 digits. Names that are not in the header do nothing.</param>
    public static TableOutcome FromRows(
        IReadOnlyList<string> header, IEnumerable<IReadOnlyList<string>> rows, IReadOnlySet<string>? textColumns = null)
    {
        if (header.Count == 0 || header.Any(string.IsNullOrWhiteSpace)) return new TableOutcome.Refused(TableFault.HeaderEmpty, 0, "A column has no name.");
        var repeated = header.GroupBy(name => name, StringComparer.Ordinal).FirstOrDefault(names => names.Count() > 1);
        if (repeated is not null) return new TableOutcome.Refused(TableFault.HeaderRepeats, 0, repeated.Key);

        var cells = header.Select(_ => new CellColumn()).ToArray();
        var count = 0;
        foreach (var row in rows)
        {
            count++;
            if (row.Count != header.Count)
                return new TableOutcome.Refused(TableFault.CellCountWrong, count, $"{row.Count} cells under {header.Count} names");
            for (var i = 0; i < cells.Length; i++) cells[i].Add(row[i]);
        }

        if (count == 0) return new TableOutcome.Refused(TableFault.NoRows, 0, "There is no row.");

        var columns = new Column[cells.Length];
        for (var i = 0; i < cells.Length; i++)
        {
            columns[i] = cells[i].ToColumn(header[i], textColumns?.Contains(header[i]) == true);
            cells[i] = null!; // the texts of a numeric column are many; they need not wait for the other columns
        }

        return new TableOutcome.Made(new Table(columns));
    }

    /// <summary>Reads a cell as a finite number. What is not finite is none: it would compare with nothing.</summary>
    internal static bool TryNumber(string cell, out double number) =>
        double.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out number) && double.IsFinite(number);

    /// <summary>A column while it is read. What kind it is shows only at its end, so the texts are kept, each once.</summary>
    private sealed class CellColumn
    {
        private readonly Dictionary<string, int> _places = new(StringComparer.Ordinal);
        private readonly List<int> _codes = [];

        internal void Add(string cell)
        {
            var text = cell.Trim();
            if (text is "" or "NA" or "?")
            {
                _codes.Add(TextColumn.NoLevel);
                return;
            }

            ref var place = ref CollectionsMarshal.GetValueRefOrAddDefault(_places, text, out var exists);
            if (!exists) place = _places.Count - 1;
            _codes.Add(place);
        }

        internal Column ToColumn(string name, bool isText)
        {
            var levels = new string[_places.Count];
            foreach (var (text, place) in _places) levels[place] = text;

            var numbers = new double[levels.Length];
            for (var i = 0; i < levels.Length && !isText; i++) isText = !TryNumber(levels[i], out numbers[i]);
            return isText
                ? new TextColumn(name, levels, [.. _codes])
                : new NumericColumn(name, [.. _codes.Select(code => code == TextColumn.NoLevel ? double.NaN : numbers[code])]);
        }
    }
}
