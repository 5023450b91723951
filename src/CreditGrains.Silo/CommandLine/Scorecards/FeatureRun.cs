using System.Globalization;
using System.Text;
using CreditGrains.Ledger;

namespace CreditGrains.Silo.CommandLine.Scorecards;

/// <summary>Asks for the characteristics of each row, many at once, and writes the rows in their order.</summary>
/// <param name="ledger">Answers.</param>
/// <param name="questions">The rows.</param>
/// <param name="knownAt">The instant at which all of it was known; null for now.</param>
internal sealed class FeatureRun(OpenLedger ledger, FeatureQuestions questions, DateTimeOffset? knownAt)
{
    // Enough to keep every core of a silo busy, and few enough that a slow one is not buried.
    private const int MaxInFlight = 256;

    private long _rows;

    /// <summary>Gets how many rows are written.</summary>
    public long Rows => Interlocked.Read(ref _rows);

    /// <summary>Gets in how many rows each characteristic is missing, in the order of the catalogue.</summary>
    public long[] Missing { get; } = new long[Characteristics.Count];

    /// <summary>Tells how far it is.</summary>
    public ProgressLook Look() => new(questions.Done, Rows, "rows");

    /// <summary>Writes the table. The file appears when it is whole; what was there stays until then.</summary>
    /// <param name="path">Where to.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <returns>How many rows.</returns>
    public async Task<long> WriteAsync(string path, CancellationToken cancellation)
    {
        var unfinished = path + ".unfinished";
        try
        {
            await using (var output = new StreamWriter(unfinished, append: false, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)) { NewLine = "\n" })
            {
                await output.WriteLineAsync(LineOf([.. questions.Header, .. Characteristics.All.Select(one => one.Name)]));
                await WriteRowsAsync(output, cancellation);
            }

            File.Move(unfinished, path, overwrite: true);
            return Rows;
        }
        finally
        {
            File.Delete(unfinished);
        }
    }

    private async Task WriteRowsAsync(TextWriter output, CancellationToken cancellation)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        Queue<(FeatureQuestion Question, Task<ReadAnswer<CharacteristicVector>> Answer)> inFlight = new(MaxInFlight);
        try
        {
            foreach (var question in questions.Read(ledger.Pseudonymizer))
            {
                if (inFlight.Count == MaxInFlight) await WriteFirstAsync();
                inFlight.Enqueue((question, ledger.Client.ReadCharacteristicsAsync(question.Citizen, new(question.AsOf, knownAt), stop.Token)));
            }

            while (inFlight.Count > 0) await WriteFirstAsync();
        }
        finally
        {
            // Nobody looks at the answers any more, but the ledger must not be closed under their questions.
            await stop.CancelAsync();
            await Task.WhenAll(inFlight.Select(asked => asked.Answer.ContinueWith(_ => _.Exception, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default)));
        }

        async Task WriteFirstAsync()
        {
            var (question, asked) = inFlight.Dequeue();
            var answer = await asked;
            if (answer.Status == ReadStatus.BadRequest) throw questions.DayNotAnswered(question);
            await output.WriteLineAsync(LineOf([.. question.Cells, .. CellsOf(CitizenArgument.ValueOf(answer))]));
            Interlocked.Increment(ref _rows);
        }
    }

    private IEnumerable<string> CellsOf(CharacteristicVector vector)
    {
        for (var index = 0; index < vector.Values.Length; index++)
        {
            if (vector.Values[index].Value is not { } value) Missing[index]++;
            yield return vector.Values[index].Value?.ToString("R", CultureInfo.InvariantCulture) ?? "";
        }
    }

    private static string LineOf(IEnumerable<string> cells) => string.Join(',', cells.Select(Quoted));

    private static string Quoted(string cell) =>
        cell.AsSpan().ContainsAny(",\"\n\r") ? $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : cell;
}
