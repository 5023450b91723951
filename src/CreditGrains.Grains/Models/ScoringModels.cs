using CreditGrains.Journal;
using CreditGrains.Ledger;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace CreditGrains.Grains.Models;

/// <summary>The models as this silo knows them: read from the register's journal, and read on every few seconds while scores are asked for.</summary>
/// <remarks>
/// A silo reads the store and asks nobody, so that a slow or dead owner of the register keeps no score from being given. What was read longer ago than
/// <see cref="Longest"/> is not used: a model that was retired would go on deciding.
/// </remarks>
public sealed partial class ScoringModels(
    IJournalStore store,
    ICipherKeys keys,
    LedgerSettings ledger,
    [FromKeyedServices(LedgerClock.ServiceKey)] TimeProvider clock,
    ILogger<ScoringModels> log)
{
    /// <summary>How long what was read is used without reading on.</summary>
    public static readonly TimeSpan Fresh = TimeSpan.FromSeconds(5);

    /// <summary>How long it is used at most, while reading on is under way or fails.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan ReadTimeout = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private Seen? _seen;
    private Task<Seen>? _reading;

    /// <summary>Gives the register.</summary>
    /// <exception cref="StoreUnavailableException">It was read too long ago, and the store does not answer.</exception>
    /// <exception cref="JournalBrokenException">The journal is broken.</exception>
    internal ValueTask<ModelRegister> CurrentAsync()
    {
        var seen = Volatile.Read(ref _seen);
        var age = seen is null ? TimeSpan.MaxValue : clock.GetElapsedTime(seen.At);
        if (age < Fresh) return new(seen!.Known.Register);
        var reading = ReadOn();
        return age < Longest ? new(seen!.Known.Register) : AfterAsync(reading);
    }

    private static async ValueTask<ModelRegister> AfterAsync(Task<Seen> reading) => (await reading).Known.Register;

    private Task<Seen> ReadOn()
    {
        lock (_gate)
        {
            // Not on the scheduler of whichever grain happened to ask: the reading outlives its call.
            if (_reading is null or { IsCompleted: true }) _reading = Task.Run(ReadAsync);
            return _reading;
        }
    }

    private async Task<Seen> ReadAsync()
    {
        var before = Volatile.Read(ref _seen);
        var known = before?.Known ?? KnownModels.None;
        var at = clock.GetTimestamp();
        using var timeout = new CancellationTokenSource(ReadTimeout, clock);
        try
        {
            var rows = store.ReadJournal(ModelJournal.Partition, ModelJournal.Id, known.Tail.Sequence + 1, ulong.MaxValue, ReadDirection.Ascending, timeout.Token);
            var seen = new Seen(await ModelJournal.ReadOnAsync(known, rows, row => RecordFrame.Open(row, keys, ledger.Formats.Newest)), at);
            Volatile.Write(ref _seen, seen);
            return seen;
        }
        catch (OperationCanceledException silence) when (timeout.IsCancellationRequested)
        {
            LogNotRead("the store did not answer in time");
            throw new StoreUnavailableException("The models could not be read in time.", silence);
        }
        catch (Exception failure) when (failure is StoreUnavailableException or JournalBrokenException)
        {
            LogNotRead(failure.Message);
            throw;
        }
    }

    [LoggerMessage(LogLevel.Warning, "The register of models could not be read: {Reason}")]
    private partial void LogNotRead(string reason);

    /// <summary>What was read, and when, by the clock's timestamp.</summary>
    private sealed record Seen(KnownModels Known, long At);
}
