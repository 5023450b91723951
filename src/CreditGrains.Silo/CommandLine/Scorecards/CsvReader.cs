using System.Globalization;
using System.Text;
using System.Text.Unicode;
using CreditGrains.Silo.Imports;

namespace CreditGrains.Silo.CommandLine.Scorecards;

/// <summary>Reads a table from a text file (RFC 4180): a header, and rows with as many cells.</summary>
/// <remarks>
/// Commas, semicolons or tabs stand between cells, whichever the header has most of. A cell in quotes may hold separators, line breaks and,
/// doubled, quotes. Blank lines are passed over. The file is UTF-8; what cannot be taken apart ends the reading, with its line.
/// </remarks>
internal sealed class CsvReader : IDisposable
{
    private const int MaxColumns = 10_000;

    // What a quote that nobody closed would swallow.
    private const int MaxCellCharacters = LineReader.MaxLineBytes;

    private readonly string _path;
    private readonly LineReader _lines;
    private readonly StringBuilder _quoted = new();

    private CsvReader(string path, LineReader lines)
    {
        _path = path;
        _lines = lines;
    }

    /// <summary>Gets the names in the header, without blanks around them.</summary>
    public string[] Header { get; private set; } = [];

    /// <summary>Gets what stands between cells.</summary>
    public char Separator { get; private set; } = ',';

    /// <summary>Gets the line, from 1, on which the row read last begins.</summary>
    public int RowLine { get; private set; }

    /// <summary>Gets how many bytes have been taken from the file.</summary>
    public long BytesRead => _lines.BytesRead;

    /// <summary>Opens a file and reads its header.</summary>
    /// <param name="path">Which.</param>
    /// <exception cref="ImportFileException">It is missing, empty or no text, or its header lacks a name or has one twice.</exception>
    public static CsvReader Open(string path)
    {
        var reader = new CsvReader(path, LineReader.Open(path));
        try
        {
            reader.ReadHeader();
            return reader;
        }
        catch
        {
            reader.Dispose();
            throw;
        }
    }

    /// <summary>Reads the rows that are left, once.</summary>
    /// <returns>The cells of each, as many as names; the list is used again for the next row.</returns>
    /// <exception cref="ImportFileException">A row cannot be taken apart, or has another number of cells.</exception>
    public IEnumerable<IReadOnlyList<string>> Rows()
    {
        var cells = new List<string>(Header.Length);
        while (TryReadRow(cells))
        {
            if (cells.Count != Header.Length) throw Fault(FormattableString.Invariant($"there are {cells.Count} cells, and the header has {Header.Length} names."));
            yield return cells;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _lines.Dispose();

    private void ReadHeader()
    {
        if (!TryReadLine(out var line)) throw new ImportFileException($"{_path} is empty: it must begin with a header. Export it again.");
        Separator = SeparatorOf(line);
        var names = new List<string>();
        TakeApart(line, names);
        Header = [.. names.Select(name => name.Trim())];
        var lacking = Array.IndexOf(Header, "");
        if (lacking >= 0) throw Fault(FormattableString.Invariant($"column {lacking + 1} of the header has no name."));
        if (Header.GroupBy(name => name, StringComparer.Ordinal).FirstOrDefault(group => group.Skip(1).Any()) is { } twice)
            throw Fault($"the header has the column {twice.Key} twice. Rename or remove one.");
    }

    private bool TryReadRow(List<string> cells)
    {
        cells.Clear();
        if (!TryReadLine(out var line)) return false;
        TakeApart(line, cells);
        return true;
    }

    private bool TryReadLine(out string line)
    {
        do
        {
            line = "";
            if (!_lines.TryRead()) return false;
        }
        while (!_lines.IsTooLong && _lines.Line.IsEmpty);

        RowLine = checked((int)_lines.LineNumber);
        line = TextOfLine();
        return true;
    }

    private string TextOfLine()
    {
        var bytes = _lines.Line.Span;
        if (_lines.IsTooLong) throw Fault("the line is longer than 1 MiB.");
        if (bytes.Contains((byte)0) || !Utf8.IsValid(bytes)) throw Fault("this is no text in UTF-8. Export the file again as UTF-8.");
        return Encoding.UTF8.GetString(bytes);
    }

    private void TakeApart(string line, List<string> cells)
    {
        var at = 0;
        while (true)
        {
            if (cells.Count == MaxColumns) throw Fault(FormattableString.Invariant($"there are more than {MaxColumns} cells."));
            cells.Add(at < line.Length && line[at] == '"' ? Quoted(ref line, ref at, cells.Count) : Plain(line, ref at, cells.Count));
            if (at == line.Length) return;
            at++;
        }
    }

    private string Plain(string line, ref int at, int place)
    {
        var length = line.AsSpan(at).IndexOf(Separator);
        var cell = length < 0 ? line[at..] : line.Substring(at, length);
        if (cell.Contains('"', StringComparison.Ordinal)) throw Fault($"{NameOf(place)}: a quote stands inside a cell that does not begin with one.");
        at += cell.Length;
        return cell;
    }

    private string Quoted(ref string line, ref int at, int place)
    {
        _quoted.Clear();
        at++;
        while (true)
        {
            var length = line.AsSpan(at).IndexOf('"');
            if (length < 0)
            {
                _quoted.Append(line, at, line.Length - at).Append('\n');
                if (_quoted.Length > MaxCellCharacters || !_lines.TryRead()) throw Fault($"{NameOf(place)}: a quote opens a cell and none closes it.");
                line = TextOfLine();
                at = 0;
                continue;
            }

            _quoted.Append(line, at, length);
            at += length + 1;
            if (at < line.Length && line[at] == '"')
            {
                _quoted.Append('"');
                at++;
                continue;
            }

            if (at < line.Length && line[at] != Separator) throw Fault($"{NameOf(place)}: text follows the quote that closes the cell.");
            return _quoted.ToString();
        }
    }

    private string NameOf(int place) => place < Header.Length ? $"column {Header[place]}" : string.Create(CultureInfo.InvariantCulture, $"column {place + 1}");

    private ImportFileException Fault(string what) => new(string.Create(CultureInfo.InvariantCulture, $"{_path} line {RowLine}: {what}"));

    /// <summary>Tells what stands between the names of a header: what most of it is outside quotes, a comma if there is one name.</summary>
    private static char SeparatorOf(string header)
    {
        Span<int> counts = stackalloc int[3];
        const string Candidates = ",;\t";
        var isQuoted = false;
        foreach (var letter in header)
        {
            if (letter == '"') isQuoted = !isQuoted;
            else if (!isQuoted && Candidates.IndexOf(letter, StringComparison.Ordinal) is var place and >= 0) counts[place]++;
        }

        var most = 0;
        for (var i = 1; i < counts.Length; i++)
            if (counts[i] > counts[most]) most = i;
        return Candidates[most];
    }
}
