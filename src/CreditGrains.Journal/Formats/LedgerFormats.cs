namespace CreditGrains.Journal;

/// <summary>Which formats of records this build reads, and which one it writes into one opened ledger. May be used from any thread.</summary>
/// <remarks>
/// <para>
/// A build reads its own format and the one before it, and writes the one that the ledger's manifest names. So silos of two builds can
/// serve one ledger: it goes on in the older format until every silo reads the newer one and the manifest is replaced.
/// </para>
/// <para>Records of both formats may lie in one journal; each says in its first byte which it is in.</para>
/// </remarks>
public sealed class LedgerFormats
{
    /// <summary>The oldest format that this build reads and writes.</summary>
    public const int OldestKnown = 1;

    /// <summary>The newest format that this build reads and writes. New ledgers are made in it.</summary>
    public const int NewestKnown = 2;

    private volatile int _written;

    /// <summary>Takes up the formats of an opened ledger.</summary>
    /// <param name="written">The format that its manifest names.</param>
    /// <param name="newest">The newest format to read; less than <see cref="NewestKnown"/> only to behave as an older build.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="newest"/> is none that this build knows, or <paramref name="written"/> none that is read.</exception>
    public LedgerFormats(int written, int newest = NewestKnown)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(newest, OldestKnown);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(newest, NewestKnown);
        Newest = newest;
        Write(written);
    }

    /// <summary>Gets the newest format that is read; from <see cref="OldestKnown"/> on all are.</summary>
    public int Newest { get; }

    /// <summary>Gets the format that new records are written in. It may change at any time.</summary>
    public int Written => _written;

    /// <summary>Gives whether a format is one of those that are read and can be written.</summary>
    /// <param name="format">The format's number.</param>
    public bool Reads(int format) => format >= OldestKnown && format <= Newest;

    /// <summary>Changes the format that new records are written in, from the next record on.</summary>
    /// <param name="format">The format that the manifest names now.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is none of those that are read.</exception>
    public void Write(int format)
    {
        if (!Reads(format)) throw new ArgumentOutOfRangeException(nameof(format), format, $"Formats {OldestKnown} to {Newest} can be written.");
        _written = format;
    }
}
