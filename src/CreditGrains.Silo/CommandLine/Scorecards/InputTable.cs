using System.Globalization;
using CreditGrains.Modelling;
using CreditGrains.Silo.Imports;

namespace CreditGrains.Silo.CommandLine.Scorecards;

/// <summary>A table and the file that it was read from, so that a fault in it can be told by its line.</summary>
/// <param name="Path">The file, as it was named.</param>
/// <param name="Table">What is in it.</param>
/// <param name="Lines">The line, from 1, on which each row begins.</param>
internal sealed record InputTable(string Path, Table Table, int[] Lines)
{
    /// <summary>Reads a file.</summary>
    /// <param name="path">Which.</param>
    /// <param name="textColumns">Columns that are texts whatever is in them; names that are not in the header do nothing.</param>
    /// <param name="progress">Where the place in the file is kept for whoever looks.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <exception cref="ImportFileException">The file cannot be read as a table.</exception>
    public static InputTable Read(string path, IReadOnlySet<string> textColumns, StepCounter progress, CancellationToken cancellation)
    {
        using var reader = CsvReader.Open(path);
        var bytes = Math.Max(1, new FileInfo(path).Length);
        var lines = new List<int>();
        return Table.FromRows(reader.Header, Rows(), textColumns) switch
        {
            TableOutcome.Made made => new(path, made.Table, [.. lines]),
            TableOutcome.Refused refused => throw new ImportFileException($"{path}: {refused.Detail}"),
            _ => throw new System.Diagnostics.UnreachableException("A table is made or refused."),
        };

        IEnumerable<IReadOnlyList<string>> Rows()
        {
            foreach (var row in reader.Rows())
            {
                cancellation.ThrowIfCancellationRequested();
                lines.Add(reader.RowLine);
                progress.Set((double)reader.BytesRead / bytes, lines.Count);
                yield return row;
            }
        }
    }

    /// <summary>Finds a column.</summary>
    /// <param name="name">Which.</param>
    /// <exception cref="ImportFileException">There is none.</exception>
    public Column Find(string name) => Table.Find(name)
        ?? throw new ImportFileException($"{Path} line 1: the header has no column {name}. It has {string.Join(", ", Table.Columns.Select(column => column.Name))}.");

    /// <summary>Finds a column of which no cell is empty.</summary>
    /// <param name="name">Which.</param>
    /// <exception cref="ImportFileException">There is none, or a row has no value in it.</exception>
    public Column FindComplete(string name)
    {
        var column = Find(name);
        for (var row = 0; row < column.RowCount; row++)
            if (column.IsMissing(row)) throw Fault(row, name, "the cell is empty, and every row needs one");
        return column;
    }

    /// <summary>Makes the exception for a cell.</summary>
    /// <param name="row">From 0.</param>
    /// <param name="column">Its column.</param>
    /// <param name="what">What is wrong, without a full stop.</param>
    public ImportFileException Fault(int row, string column, string what) =>
        new(string.Create(CultureInfo.InvariantCulture, $"{Path} line {Lines[row]}: column {column}: {what}."));
}
