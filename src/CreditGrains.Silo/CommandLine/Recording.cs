using System.Collections.Concurrent;
using System.CommandLine;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using CreditGrains.Client;
using CreditGrains.Silo.Imports;

namespace CreditGrains.Silo.CommandLine;

/// <summary>What came of recording a source.</summary>
/// <param name="Rows">Rows read; of a made-up nation, entries made.</param>
/// <param name="Recorded">Entries that are durable and were not before.</param>
/// <param name="AlreadyRecorded">Entries that were durable before.</param>
/// <param name="Refused">Rows that became no entry, and entries that the ledger refused.</param>
/// <param name="Seconds">From the first row to the last answer.</param>
/// <param name="Stopped">Why the ledger stopped taking entries, as a sentence; null if it took all.</param>
internal sealed record RecordingResult(long Rows, long Recorded, long AlreadyRecorded, long Refused, double Seconds, string? Stopped)
{
    /// <summary>Gets how many entries were settled a second.</summary>
    public double EntriesPerSecond => Seconds > 0 ? (Recorded + AlreadyRecorded) / Seconds : 0;
}

/// <summary>Records all that a source holds, and counts what came of it.</summary>
/// <remarks>The client reads the source ahead of its answers, so the places of rows on their way are kept until their answer comes.</remarks>
internal sealed class Recording : IRowObserver
{
    private readonly IEntrySource _source;
    private readonly RefusalFile _refusals;
    private readonly ConcurrentQueue<RowPlace> _underway = new();
    private long _rows, _recorded, _alreadyRecorded;

    private Recording(IEntrySource source, RefusalFile refusals) => (_source, _refusals) = (source, refusals);

    /// <summary>Opens the ledger and records a source that is prepared.</summary>
    /// <param name="host">The world.</param>
    /// <param name="parsed">The command line.</param>
    /// <param name="location">The ledger.</param>
    /// <param name="source">What to record.</param>
    /// <param name="refusals">Where refused rows go.</param>
    /// <param name="cancellation">Stops it; what was acknowledged stays recorded.</param>
    public static async Task<RecordingResult> RunAsync(
        CommandHost host, ParseResult parsed, LedgerLocation location, IEntrySource source, RefusalFile refusals, CancellationToken cancellation)
    {
        await using var ledger = await host.Opener.OpenAsync(location, LedgerUse.Record, cancellation);
        var recording = new Recording(source, refusals);
        var progress = host.Options.IsJson(parsed) ? null : host.Terminal;
        var started = host.Clock.GetTimestamp();
        var stopped = await ProgressBar.WhileAsync(progress, source.Name, recording.Look, () => recording.RecordAllAsync(ledger, cancellation));
        var seconds = host.Clock.GetElapsedTime(started).TotalSeconds;
        refusals.Complete();
        return new(recording._rows, recording._recorded, recording._alreadyRecorded, refusals.Count, seconds, stopped);
    }

    /// <summary>Says what came of it, and tells how the program ends.</summary>
    /// <param name="host">The world.</param>
    /// <param name="parsed">The command line.</param>
    /// <param name="result">What came of it.</param>
    /// <param name="more">Writes further fields of the JSON object; null if there are none.</param>
    public static int Report(CommandHost host, ParseResult parsed, RecordingResult result, Action<Utf8JsonWriter>? more)
    {
        if (host.Options.IsJson(parsed)) JsonOutput.WriteLine(host.Terminal.Out, json => Write(json, result, more));
        else host.Terminal.Out.WriteLine(Sentence(result));

        if (result.Stopped is { } reason)
        {
            host.Terminal.Error.WriteLine(
                $"{reason} Run the same command again once the ledger answers: it resumes, and what is recorded already is not recorded twice.");
            return ExitCode.Unreachable;
        }

        return result.Refused > 0 ? ExitCode.SomeRefused : ExitCode.Fine;
    }

    /// <inheritdoc/>
    public void RowRead() => Interlocked.Increment(ref _rows);

    /// <inheritdoc/>
    public void RowRefused(RowPlace place, RowFault fault) =>
        _refusals.Add(place, fault.Field, fault.Code.ToString(), fault.Message);

    private ProgressLook Look() => new(_source.Done, Interlocked.Read(ref _recorded) + Interlocked.Read(ref _alreadyRecorded));

    private async Task<string?> RecordAllAsync(OpenLedger ledger, CancellationToken cancellation)
    {
        try
        {
            return await RecordUntilStoppedAsync(ledger, cancellation) is { } status ? $"The ledger stopped taking entries: {Why(status)}." : null;
        }
        catch (LedgerUnreachableException reason)
        {
            return reason.Message;
        }
    }

    private async Task<RecordStatus?> RecordUntilStoppedAsync(OpenLedger ledger, CancellationToken cancellation)
    {
        await foreach (var outcome in ledger.Client.RecordManyAsync(EntriesAsync(ledger.Pseudonymizer, cancellation), cancellation))
        {
            if (!_underway.TryDequeue(out var place)) throw new System.Diagnostics.UnreachableException("The client gave more answers than it was given entries.");
            switch (outcome.Status)
            {
                case RecordStatus.Recorded:
                    Interlocked.Increment(ref _recorded);
                    break;
                case RecordStatus.AlreadyRecorded:
                    Interlocked.Increment(ref _alreadyRecorded);
                    break;
                case RecordStatus.Refused:
                    var refusal = outcome.Refusal ?? throw new System.Diagnostics.UnreachableException("A refusal without a reason.");
                    _refusals.Add(place, outcome.Field, refusal.ToString(), RefusalText.Of(refusal));
                    break;
                default:
                    // The client has tried long enough. More entries would wait as long, each.
                    return outcome.Status;
            }
        }

        if (!_underway.IsEmpty) throw new System.Diagnostics.UnreachableException("The client gave fewer answers than it was given entries.");
        return null;
    }

    private async IAsyncEnumerable<Entry> EntriesAsync(SubjectPseudonymizer pseudonymizer, [EnumeratorCancellation] CancellationToken cancellation)
    {
        // Rows come from files of this machine, so reading them does not wait; the client decides when to go on.
        await Task.CompletedTask;
        foreach (var (entry, place) in _source.Read(pseudonymizer, this))
        {
            cancellation.ThrowIfCancellationRequested();
            _underway.Enqueue(place);
            yield return entry;
        }
    }

    private static void Write(Utf8JsonWriter json, RecordingResult result, Action<Utf8JsonWriter>? more)
    {
        json.WriteStartObject();
        json.WriteNumber("rows", result.Rows);
        json.WriteNumber("recorded", result.Recorded);
        json.WriteNumber("alreadyRecorded", result.AlreadyRecorded);
        json.WriteNumber("refused", result.Refused);
        json.WriteNumber("seconds", Math.Round(result.Seconds, 3));
        json.WriteNumber("entriesPerSecond", Math.Round(result.EntriesPerSecond, 1));
        more?.Invoke(json);
        json.WriteEndObject();
    }

    private static string Sentence(RecordingResult result) => string.Create(CultureInfo.InvariantCulture,
        $"{result.Rows:N0} rows: {result.Recorded:N0} entries recorded, {result.AlreadyRecorded:N0} recorded already, {result.Refused:N0} refused; {result.Seconds:N1} s, {result.EntriesPerSecond:N0} entries/s.");

    private static string Why(RecordStatus status) => status switch
    {
        RecordStatus.Overloaded => "more is waiting than it may hold",
        RecordStatus.NotWritten => "its store did not take them",
        _ => "its store cannot yet tell whether they are written",
    };
}
