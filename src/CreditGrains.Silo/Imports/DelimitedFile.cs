using System.Text;
using System.Text.Unicode;

namespace CreditGrains.Silo.Imports;

/// <summary>A text file of one row a line under a header: fields with a separator between them, quoted or not.</summary>
/// <remarks>
/// <para>The header decides where each column stands, so their order does not matter and further columns are passed over. A header
/// that lacks a column or names one twice makes the whole file unfit.</para>
/// <para>A row that cannot be taken apart comes back with its fault, and reading goes on with the next line.</para>
/// </remarks>
internal sealed class DelimitedFile : IDisposable
{
    private const int MaxColumns = 64;

    private readonly LineReader _lines;
    private readonly byte _separator;
    private readonly string[] _columns;
    private readonly Range[] _fields;
    private readonly int[] _places;

    private DelimitedFile(string path, LineReader lines, char separator, string[] columns)
    {
        Name = Path.GetFileName(path);
        _lines = lines;
        _separator = (byte)separator;
        _columns = columns;
        (_places, var count) = ReadHeader(path);
        _fields = new Range[count + 1]; // one more, so that a row with too many is noticed
    }

    /// <summary>Opens a file and reads its header.</summary>
    /// <param name="path">Which.</param>
    /// <param name="separator">What stands between fields.</param>
    /// <param name="columns">The columns wanted; <see cref="Field"/> counts in their order.</param>
    /// <exception cref="ImportFileException">The file is missing, empty, or its header lacks a column or has one twice.</exception>
    public static DelimitedFile Open(string path, char separator, params string[] columns)
    {
        var lines = LineReader.Open(path);
        try
        {
            return new(path, lines, separator, columns);
        }
        catch
        {
            lines.Dispose();
            throw;
        }
    }

    /// <summary>Gets the file's name, without its folder.</summary>
    public string Name { get; }

    /// <summary>Gets where the row read last stands.</summary>
    public RowPlace Place => new(Name, _lines.LineNumber);

    /// <summary>Gets how many bytes have been taken from the file.</summary>
    public long BytesRead => _lines.BytesRead;

    /// <summary>Gets a field of the row read last, without its quotes. Valid until the next row is read.</summary>
    /// <param name="column">The column, as counted in the call that opened the file.</param>
    public ReadOnlySpan<byte> Field(int column) => _lines.Line.Span[_fields[_places[column]]];

    /// <summary>Names a column.</summary>
    /// <param name="column">The column, as counted in the call that opened the file.</param>
    public string NameOf(int column) => _columns[column];

    /// <summary>Reads the next row. Blank lines are passed over.</summary>
    /// <param name="fault">What is wrong with it as a whole; null if its fields can be looked at.</param>
    /// <returns>False at the end of the file.</returns>
    public bool TryReadRow(out RowFault? fault)
    {
        do
        {
            fault = null;
            if (!_lines.TryRead()) return false;
        }
        while (!_lines.IsTooLong && _lines.Line.IsEmpty);

        fault = FaultOfLine();
        return true;
    }

    /// <inheritdoc/>
    public void Dispose() => _lines.Dispose();

    private RowFault? FaultOfLine()
    {
        if (_lines.IsTooLong) return RowFault.Of(RowFaultCode.LineTooLong);
        var line = _lines.Line.Span;
        if (line.Contains((byte)0)) return RowFault.Of(RowFaultCode.HoldsNul);
        if (!Utf8.IsValid(line)) return RowFault.Of(RowFaultCode.NotUtf8);
        if (!TrySplit(line, _separator, _fields, out var count)) return RowFault.Of(RowFaultCode.QuoteMisplaced);
        return count == _fields.Length - 1 ? null : RowFault.Of(RowFaultCode.FieldCountWrong);
    }

    private (int[] Places, int Count) ReadHeader(string path)
    {
        if (!_lines.TryRead()) throw new ImportFileException($"{path} is empty: it must begin with a header. Export it again.");
        var line = _lines.Line.Span;
        if (_lines.IsTooLong || line.Contains((byte)0) || !Utf8.IsValid(line))
            throw new ImportFileException($"{path} is not a text file in UTF-8: its first line must be a header with {Wanted()}.");

        var fields = new Range[MaxColumns];
        if (!TrySplit(line, _separator, fields, out var count) || count > MaxColumns)
            throw new ImportFileException($"{path} line 1: this is no header. It must have {Wanted()}.");

        var names = new string[count];
        for (var i = 0; i < count; i++) names[i] = Encoding.UTF8.GetString(line[fields[i]]);
        var places = new int[_columns.Length];
        for (var i = 0; i < places.Length; i++)
        {
            places[i] = Array.IndexOf(names, _columns[i]);
            if (places[i] < 0)
                throw new ImportFileException($"{path} line 1: the header has no column {_columns[i]}. It must have {Wanted()}.");
            if (Array.LastIndexOf(names, _columns[i]) != places[i])
                throw new ImportFileException($"{path} line 1: the header has the column {_columns[i]} twice. Rename or remove one.");
        }

        return (places, count);
    }

    private string Wanted() => $"the columns {string.Join(", ", _columns)} with '{(char)_separator}' between them";

    /// <summary>Takes a line apart. Quotes stand around a whole field or nowhere.</summary>
    /// <returns>False if a quote is misplaced. More fields than there is room for end in a count one above the room.</returns>
    private static bool TrySplit(ReadOnlySpan<byte> line, byte separator, Span<Range> fields, out int count)
    {
        count = 0;
        var at = 0;
        while (true)
        {
            int start = at, end;
            if (at < line.Length && line[at] == '"')
            {
                var length = line[++at..].IndexOf((byte)'"');
                if (length < 0) return false;
                (start, end, at) = (at, at + length, at + length + 1);
                if (at < line.Length && line[at] != separator) return false;
            }
            else
            {
                var length = line[at..].IndexOf(separator);
                at = end = length < 0 ? line.Length : at + length;
                if (line[start..end].Contains((byte)'"')) return false;
            }

            if (count == fields.Length)
            {
                count++;
                return true;
            }

            fields[count++] = start..end;
            if (at == line.Length) return true;
            at++;
        }
    }
}
