using System.Globalization;
using CreditGrains.Ledger;
using CreditGrains.Silo.Imports;

namespace CreditGrains.Silo.CommandLine.Scorecards;

/// <summary>A row that asks for a citizen's characteristics.</summary>
/// <param name="Line">Its line in the file, from 1.</param>
/// <param name="Citizen">Who.</param>
/// <param name="AsOf">As of which day, inclusive.</param>
/// <param name="Cells">All of its cells, to be passed through.</param>
internal sealed record FeatureQuestion(int Line, CitizenId Citizen, DateOnly AsOf, string[] Cells);

/// <summary>Reads the table of citizens and days.</summary>
internal sealed class FeatureQuestions : IDisposable
{
    private const string CitizenColumn = "citizen";
    private const string DateColumn = "date";

    private readonly string _path;
    private readonly CsvReader _reader;
    private readonly int _citizen;
    private readonly int _date;
    private readonly long _length;

    private FeatureQuestions(string path, CsvReader reader)
    {
        _path = path;
        _reader = reader;
        _length = Math.Max(1, new FileInfo(path).Length);
        (_citizen, _date) = (PlaceOf(CitizenColumn), PlaceOf(DateColumn));
        if (reader.Header.FirstOrDefault(name => Characteristics.Find(name) is not null) is { } taken)
            throw new ImportFileException($"{path} line 1: the column {taken} has the name of a characteristic, which is a column of the output. Rename it.");
    }

    /// <summary>Gets the names of the columns.</summary>
    public IReadOnlyList<string> Header => _reader.Header;

    /// <summary>Gets how much of the file has been read, from 0 to 1.</summary>
    public double Done => Math.Min(1, (double)_reader.BytesRead / _length);

    /// <summary>Opens the file and reads its header.</summary>
    /// <param name="path">Which.</param>
    /// <exception cref="ImportFileException">It cannot be read, lacks a column, or has one that is named as a characteristic.</exception>
    public static FeatureQuestions Open(string path)
    {
        var reader = CsvReader.Open(path);
        try
        {
            return new(path, reader);
        }
        catch
        {
            reader.Dispose();
            throw;
        }
    }

    /// <summary>Reads the rows that are left, once.</summary>
    /// <param name="pseudonymizer">Names the citizens.</param>
    /// <exception cref="ImportFileException">A row is not what it must be.</exception>
    public IEnumerable<FeatureQuestion> Read(SubjectPseudonymizer pseudonymizer)
    {
        foreach (var cells in _reader.Rows())
        {
            if (!DateOnly.TryParseExact(cells[_date].Trim(), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
                throw Fault(_reader.RowLine, DateColumn, "this is no day, YYYY-MM-DD.");
            yield return new(_reader.RowLine, CitizenOf(pseudonymizer, cells[_citizen].Trim()), day, [.. cells]);
        }
    }

    /// <summary>Says what is wrong with a row that the ledger does not answer.</summary>
    /// <param name="question">The row.</param>
    public ImportFileException DayNotAnswered(FeatureQuestion question) =>
        Fault(question.Line, DateColumn, "the ledger does not answer for this day, with that --as-known-at if one was given: it lies in the future, or out of range.");

    /// <inheritdoc/>
    public void Dispose() => _reader.Dispose();

    private CitizenId CitizenOf(SubjectPseudonymizer pseudonymizer, string reference)
    {
        if (CitizenId.TryParse(reference, out var id)) return id;
        try
        {
            return pseudonymizer.Pseudonym(reference);
        }
        catch (ArgumentException)
        {
            throw Fault(_reader.RowLine, CitizenColumn, "this is neither scheme:id, such as berka:2, with at most 128 bytes on either side, nor a pseudonym of 32 hexadecimal digits.");
        }
    }

    private int PlaceOf(string column)
    {
        var place = Array.IndexOf(_reader.Header, column);
        return place >= 0 ? place : throw new ImportFileException($"{_path} line 1: the header has no column {column}. It must have {CitizenColumn} and {DateColumn}.");
    }

    // Not the cell itself: it may name a person.
    private ImportFileException Fault(int line, string column, string what) =>
        new(string.Create(CultureInfo.InvariantCulture, $"{_path} line {line}, column {column}: {what}"));
}
