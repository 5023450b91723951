using System.ComponentModel.DataAnnotations;

namespace CreditGrains.Client;

/// <summary>How a client sends and how long it tries.</summary>
public sealed class LedgerClientOptions
{
    /// <summary>Gets or sets how many entries <see cref="ILedgerClient.RecordManyAsync"/> reads ahead of the outcomes.</summary>
    /// <value>Default 65,536; from 1 to 1,048,576. Each takes about 1 KB of memory while it is in flight.</value>
    [Range(1, 1 << 20)]
    public int MaxEntriesInFlight { get; set; } = 65_536;

    /// <summary>Gets or sets how many entries go into one call to a partition.</summary>
    /// <value>Default 256; from 1 to 4,096.</value>
    [Range(1, 4_096)]
    public int MaxEntriesPerBatch { get; set; } = 256;

    /// <summary>Gets or sets how often an entry is sent, or a question asked, in all before the last answer is given back as it is.</summary>
    /// <value>Default 100; from 1 to 1,000. Usually <see cref="Patience"/> ends first.</value>
    [Range(1, 1_000)]
    public int MaxAttempts { get; set; } = 100;

    /// <summary>Gets or sets for how long it is tried again; the attempt under way then is the last.</summary>
    /// <value>Default 1 minute, from 0 to 1 day: where a silo dies, others have its citizens within half of that.</value>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00")]
    public TimeSpan Patience { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Gets or sets the wait before the second attempt; it doubles with each further one, with jitter of ± 50 %.</summary>
    /// <value>Default 20 ms; from 1 ms to 10 s.</value>
    [Range(typeof(TimeSpan), "00:00:00.001", "00:00:10")]
    public TimeSpan FirstBackOff { get; set; } = TimeSpan.FromMilliseconds(20);

    /// <summary>Gets or sets the longest wait between two attempts.</summary>
    /// <value>Default 500 ms; from 1 ms to 1 min. A citizen whose silo leaves answers from another soon after.</value>
    [Range(typeof(TimeSpan), "00:00:00.001", "00:01:00")]
    public TimeSpan MaxBackOff { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Gets or sets how long <see cref="IClusterReports"/> waits for a silo before it counts as not answering.</summary>
    /// <value>Default 2 s; from 100 ms to 1 min.</value>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:01:00")]
    public TimeSpan ReportDeadline { get; set; } = TimeSpan.FromSeconds(2);
}
