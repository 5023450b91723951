namespace CreditGrains.Silo.Imports.Entries;

/// <summary>Imports a file of JSON lines by the schema of <see cref="EntrySchema"/>. Blank lines are passed over.</summary>
internal sealed class EntriesImport : IEntrySource
{
    private readonly string _path;
    private long _bytes = 1, _bytesRead;

    /// <summary>Makes an import.</summary>
    /// <param name="path">The file.</param>
    public EntriesImport(string path) => _path = path;

    /// <inheritdoc/>
    public string Name => "entries";

    /// <inheritdoc/>
    public double Done => Math.Min(1, (double)Volatile.Read(ref _bytesRead) / _bytes);

    /// <inheritdoc/>
    public void Prepare()
    {
        using var file = InputFile.Open(_path);
        _bytes = file.Length > 0 ? file.Length : throw new ImportFileException($"{_path} is empty: it holds no entries. Export it again.");
    }

    /// <inheritdoc/>
    public IEnumerable<PlacedEntry> Read(SubjectPseudonymizer pseudonymizer, IRowObserver rows)
    {
        var reader = new EntryJsonReader(pseudonymizer);
        var name = Path.GetFileName(_path);
        using var lines = LineReader.Open(_path);
        while (lines.TryRead())
        {
            if (!lines.IsTooLong && lines.Line.Span.Trim(" \t"u8).IsEmpty) continue;
            rows.RowRead();
            Volatile.Write(ref _bytesRead, lines.BytesRead);
            var place = new RowPlace(name, lines.LineNumber);
            Entry? entry = null;
            var fault = lines.IsTooLong ? RowFault.Of(RowFaultCode.LineTooLong) : reader.Read(lines.Line, out entry);
            if (fault is not null) rows.RowRefused(place, fault);
            else if (entry is not null) yield return new(entry, place);
        }
    }
}
