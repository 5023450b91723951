using CreditGrains.Silo.Imports;

namespace CreditGrains.Silo.CommandLine;

/// <summary>The file that keeps what an import refused: one JSON object a line, with file, line, field, code and message.</summary>
/// <remarks>
/// <para>It is made with the first refusal and replaces that of an earlier run, whose refusals this run met again. An import without
/// refusals removes the earlier run's file. It holds no value of any row; the line tells where to look.</para>
/// <para>All members may be called concurrently: rows are refused while they are read, entries while their answers come.</para>
/// </remarks>
internal sealed class RefusalFile : IDisposable
{
    private const int ShownOnScreen = 5;
    private const string Ending = ".refused.jsonl";

    private readonly Lock _gate = new();
    private readonly IReadOnlyList<string> _places;
    private readonly List<string> _first = [];
    private StreamWriter? _writer;

    /// <summary>Makes the file's keeper; no file yet.</summary>
    /// <param name="places">Where it may be, the best place first.</param>
    public RefusalFile(IReadOnlyList<string> places) => _places = places;

    /// <summary>Gets how many were refused.</summary>
    public long Count { get; private set; }

    /// <summary>Gets where the file is; null while nothing was refused.</summary>
    public string? Path { get; private set; }

    /// <summary>Gets the first refusals as sentences.</summary>
    public IReadOnlyList<string> First => _first;

    /// <summary>Tells where the refusals of an import go: beside its file if it has one, else beside the ledger's folder, else into the folder one is in.</summary>
    /// <param name="import">The import's name.</param>
    /// <param name="input">Its one file; null if it has a folder of them, which is another's.</param>
    /// <param name="location">The ledger.</param>
    public static IReadOnlyList<string> PlacesFor(string import, string? input, LedgerLocation location)
    {
        var places = new List<string>();
        if (input is not null) places.Add(System.IO.Path.ChangeExtension(input, null) + Ending);
        places.Add(location is LedgerLocation.Folder folder ? $"{folder.Path}.{import}{Ending}" : import + Ending);
        places.Add(import + Ending);
        return places;
    }

    /// <summary>Keeps a refusal.</summary>
    /// <param name="place">The row.</param>
    /// <param name="field">The field at fault; null if it is the row as a whole.</param>
    /// <param name="code">Why, as a name of a closed list.</param>
    /// <param name="message">Why, as the end of a sentence.</param>
    public void Add(RowPlace place, string? field, string code, string message)
    {
        lock (_gate)
        {
            _writer ??= Create();
            Count++;
            if (_first.Count < ShownOnScreen)
                _first.Add($"{place.File} line {place.Line}: {(field is null ? "the row" : field)} {message} ({code}).");
            JsonOutput.WriteLine(_writer, json =>
            {
                json.WriteStartObject();
                json.WriteString("file", place.File);
                json.WriteNumber("line", place.Line);
                json.WriteString("field", field);
                json.WriteString("code", code);
                json.WriteString("message", message);
                json.WriteEndObject();
            });
        }
    }

    /// <summary>Writes out what is kept; and if nothing was refused, removes what an earlier run left.</summary>
    public void Complete()
    {
        lock (_gate)
        {
            _writer?.Flush();
            if (_writer is null && _places[0].EndsWith(Ending, StringComparison.Ordinal) && File.Exists(_places[0])) File.Delete(_places[0]);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _writer?.Dispose();

    private StreamWriter Create()
    {
        Exception? last = null;
        foreach (var place in _places)
        {
            try
            {
                if (System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(place)) is { } folder) Directory.CreateDirectory(folder);
                var writer = new StreamWriter(place, append: false) { NewLine = "\n" };
                Path = place;
                return writer;
            }
            catch (Exception reason) when (reason is IOException or UnauthorizedAccessException)
            {
                last = reason; // the next place may do
            }
        }

        throw new ImportFileException($"Refused rows cannot be kept in {_places[0]}: {last?.Message} Name a file that can be written with --refused FILE.", last);
    }
}
