namespace CreditGrains.Client;

/// <summary>Records entries into a ledger and reads from it. One instance serves a whole process; all members may be called concurrently.</summary>
/// <remarks>
/// The ledger's answers come back as values. What is thrown: <see cref="LedgerUnreachableException"/> when no silo can be reached,
/// <see cref="OperationCanceledException"/> when the caller gave up, and nothing else that is not a bug.
/// </remarks>
public interface ILedgerClient
{
    /// <summary>Tells what a caller must know of the ledger: partitions, zone, key check, today.</summary>
    /// <param name="cancellation">Stops the wait.</param>
    Task<LedgerDescription> DescribeAsync(CancellationToken cancellation = default);

    /// <summary>Records one entry. Retries under the same reference, with jitter, while the ledger says that it may.</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="cancellation">Stops the wait, not the ledger: the entry may be recorded all the same. Sending it again tells.</param>
    /// <returns>The last answer; <see cref="RecordOutcome.MayRetry"/> if the retries ran out.</returns>
    Task<RecordOutcome> RecordAsync(Entry entry, CancellationToken cancellation = default);

    /// <summary>Records a stream of entries, in batches by partition, many at once.</summary>
    /// <param name="entries">
    /// The entries. Those of one citizen are recorded in their order. The stream is closed before the loop over the outcomes is left,
    /// in whatever way that comes about; one that does not heed the token it is given is waited for.
    /// </param>
    /// <param name="cancellation">Stops the wait, not the ledger.</param>
    /// <returns>One outcome an entry, in the order of the entries, as they become known. Reading them drives the stream.</returns>
    /// <exception cref="LedgerUnreachableException">A partition stayed silent through every attempt. Run the same entries again.</exception>
    /// <remarks>
    /// At most <see cref="LedgerClientOptions.MaxEntriesInFlight"/> entries are read ahead of the outcomes. Batches that the ledger
    /// could not take are sent again under the same references, backing off while it is overloaded. What the stream of entries throws
    /// is thrown behind the outcomes of the entries that it gave. Nothing more is sent once the loop has been left; what was sent by
    /// then may be recorded all the same.
    /// </remarks>
    IAsyncEnumerable<RecordOutcome> RecordManyAsync(IAsyncEnumerable<Entry> entries, CancellationToken cancellation = default);

    /// <summary>Reads a citizen's file.</summary>
    /// <param name="citizen">Whose.</param>
    /// <param name="request">As of when, as known when; null asks for today, as known now.</param>
    /// <param name="cancellation">Stops the wait.</param>
    Task<ReadAnswer<CreditFile>> ReadFileAsync(CitizenId citizen, FileRequest? request = null, CancellationToken cancellation = default);

    /// <summary>Reads the characteristics of a citizen's file.</summary>
    /// <param name="citizen">Whose.</param>
    /// <param name="request">As of when, as known when; null asks for today, as known now.</param>
    /// <param name="cancellation">Stops the wait.</param>
    Task<ReadAnswer<CharacteristicVector>> ReadCharacteristicsAsync(CitizenId citizen, FileRequest? request = null, CancellationToken cancellation = default);

    /// <summary>Scores a citizen's file. The score is recorded before it is answered.</summary>
    /// <param name="citizen">Whose.</param>
    /// <param name="request">What for, and as of when. Sent again under the same <see cref="ScoreRequest.Request"/> it is answered with the same score.</param>
    /// <param name="cancellation">Stops the wait, not the ledger: the score may be recorded all the same.</param>
    Task<ReadAnswer<ScoreReport>> ScoreAsync(CitizenId citizen, ScoreRequest request, CancellationToken cancellation = default);

    /// <summary>Computes a past score again, as known at its record.</summary>
    /// <param name="citizen">Whose.</param>
    /// <param name="sequence">The record, from 1: <see cref="ScoreReport.Sequence"/>.</param>
    /// <param name="cancellation">Stops the wait.</param>
    Task<ReadAnswer<ScoreReplay>> ReplayScoreAsync(CitizenId citizen, ulong sequence, CancellationToken cancellation = default);

    /// <summary>Reads a citizen's history from its first entry to its last.</summary>
    /// <param name="citizen">Whose.</param>
    /// <param name="cancellation">Ends the enumeration.</param>
    /// <exception cref="LedgerUnreachableException">The ledger stopped answering between two pages.</exception>
    IAsyncEnumerable<HistoryEntry> ReadHistoryAsync(CitizenId citizen, CancellationToken cancellation = default);

    /// <summary>Sums the folded state of every citizen.</summary>
    /// <param name="progress">Told after each partition: how many have answered.</param>
    /// <param name="cancellation">Stops the wait.</param>
    /// <exception cref="LedgerUnreachableException">A partition did not answer; a sum without it would be wrong.</exception>
    Task<LedgerTotals> ReadTotalsAsync(IProgress<int>? progress = null, CancellationToken cancellation = default);
}
