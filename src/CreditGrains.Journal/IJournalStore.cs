namespace CreditGrains.Journal;

/// <summary>One row: a key and the bytes kept under it.</summary>
/// <param name="Key">Where it lies.</param>
/// <param name="Value">What it holds. The store never looks inside.</param>
public readonly record struct Row(RowKey Key, ReadOnlyMemory<byte> Value);

/// <summary>What became of one insertion, as far as the store can tell.</summary>
public enum InsertVerdict
{
    /// <summary>All rows are durable.</summary>
    Inserted = 1,

    /// <summary>At least one key was there before. None of the rows was written.</summary>
    KeyExists = 2,

    /// <summary>The store is certain that none of the rows was written and none ever will be.</summary>
    NotWritten = 3,

    /// <summary>The store cannot tell. The rows may be there, may never be, or may still arrive.</summary>
    Unknown = 4,
}

/// <summary>What a store answers to an insertion.</summary>
/// <param name="Verdict">What became of the rows.</param>
/// <param name="Reason">For operators, when the verdict is neither inserted nor an existing key: what the store said. Never holds row contents.</param>
public readonly record struct InsertOutcome(InsertVerdict Verdict, string? Reason = null);

/// <summary>Which way a range is read.</summary>
public enum ReadDirection
{
    /// <summary>Smallest key first.</summary>
    Ascending = 1,

    /// <summary>Largest key first.</summary>
    Descending = 2,
}

/// <summary>The most that one insertion may carry. Each store states its own, and whose they are.</summary>
/// <param name="MaxRows">Rows in one set, batch row included.</param>
/// <param name="MaxBytes">Bytes of keys (<see cref="RowKey.Length"/> each) and values in one set.</param>
public readonly record struct StoreLimits(int MaxRows, int MaxBytes);

/// <summary>Keeps bytes under keys, durably. Three calls and nothing else; one contract test class holds every store to them.</summary>
/// <remarks>All members may be called from any thread, concurrently, on one instance.</remarks>
public interface IJournalStore : IAsyncDisposable
{
    /// <summary>Gets the most that one insertion may carry. Constant for the store's life.</summary>
    StoreLimits Limits { get; }

    /// <summary>Inserts a set of rows of one partition, all or none, if none of their keys exists.</summary>
    /// <param name="rows">
    /// One or more rows with distinct keys of one partition, within <see cref="Limits"/>. List and values must not change until the store
    /// has answered; and if it answered <see cref="InsertVerdict.Unknown"/>, not after that either, because the write may still be under way.
    /// </param>
    /// <param name="cancellation">
    /// Stops the wait, not the write: after cancellation the verdict is <see cref="InsertVerdict.Unknown"/>, unless the store is certain of another.
    /// </param>
    /// <returns>
    /// <see cref="InsertVerdict.Inserted"/> only after every row is durable. What the store refuses or fails at comes back as a
    /// verdict and is never thrown. The store does not retry a write by itself.
    /// </returns>
    /// <exception cref="ArgumentException">No rows, two partitions, or more than <see cref="Limits"/> allow: a bug in the caller.</exception>
    ValueTask<InsertOutcome> InsertAsync(IReadOnlyList<Row> rows, CancellationToken cancellation);

    /// <summary>Reads the rows whose keys lie between two keys, both included, in key order.</summary>
    /// <param name="from">The smallest key.</param>
    /// <param name="to">The largest key, of the same partition.</param>
    /// <param name="direction">Which end comes first.</param>
    /// <param name="cancellation">Ends the enumeration.</param>
    /// <returns>
    /// The rows, read lazily: a caller that stops early costs the store little more than what it took. A row inserted before the
    /// enumeration began is seen; one inserted meanwhile may be. Values belong to the caller.
    /// </returns>
    /// <exception cref="StoreUnavailableException">The store cannot answer.</exception>
    IAsyncEnumerable<Row> ReadAsync(RowKey from, RowKey to, ReadDirection direction, CancellationToken cancellation);

    /// <summary>Puts a redacted value in the place of one row's value, if it is still the expected one.</summary>
    /// <param name="key">The row.</param>
    /// <param name="expected">The value as read.</param>
    /// <param name="redacted">The value without the body to be forgotten; its digests are unchanged, so chains still verify.</param>
    /// <param name="cancellation">Stops the wait.</param>
    /// <returns>Whether the row held <paramref name="expected"/> and now durably holds <paramref name="redacted"/>.</returns>
    /// <exception cref="StoreUnavailableException">The store cannot answer; the redaction may or may not have happened.</exception>
    ValueTask<bool> RedactAsync(RowKey key, ReadOnlyMemory<byte> expected, ReadOnlyMemory<byte> redacted, CancellationToken cancellation);
}

/// <summary>A store could not be read, opened or redacted. The message names places, never contents.</summary>
public sealed class StoreUnavailableException : Exception
{
    /// <summary>Makes the exception.</summary>
    /// <param name="message">What could not be done and what to do next.</param>
    /// <param name="inner">What the store said.</param>
    public StoreUnavailableException(string message, Exception? inner = null) : base(message, inner) { }
}
