using System.Diagnostics.Metrics;
using System.Globalization;

namespace CreditGrains.Benchmarks;

/// <summary>What one silo has counted, or several together.</summary>
/// <param name="Messages">Messages sent to other silos.</param>
/// <param name="Batches">Batches of partitions.</param>
/// <param name="Records">Records in them.</param>
internal readonly record struct SiloCounts(long Messages, long Batches, long Records)
{
    public static SiloCounts operator +(SiloCounts left, SiloCounts right) =>
        new(left.Messages + right.Messages, left.Batches + right.Batches, left.Records + right.Records);

    public static SiloCounts operator -(SiloCounts left, SiloCounts right) =>
        new(left.Messages - right.Messages, left.Batches - right.Batches, left.Records - right.Records);

    internal static SiloCounts Parse(string line)
    {
        var numbers = line.Split(' ').Select(number => long.Parse(number, CultureInfo.InvariantCulture)).ToArray();
        return new(numbers[0], numbers[1], numbers[2]);
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Messages} {Batches} {Records}");
}

/// <summary>Counts in a silo's process, by Orleans' own counters and the journal's.</summary>
internal sealed class SiloCounter : IDisposable
{
    // Orleans measures each message's size as it is sent, by the kind of connection; here it is their number that counts.
    private const string MessagesSent = "orleans-messaging-sent-messages-size";
    private const string Direction = "ConnectionDirection";
    private const string SiloToSilo = "SiloToSilo";

    private readonly MeterListener _listener = new();
    private long _messages;
    private long _batches;
    private long _records;

    /// <summary>Begins to count.</summary>
    /// <param name="countsMessages">Whether messages are counted too: that costs a little for each.</param>
    internal SiloCounter(bool countsMessages)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Name is "creditgrains.journal.commits" or "creditgrains.journal.records" || (countsMessages && instrument.Name == MessagesSent))
                listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Count(instrument, value, tags));
        _listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Count(instrument, value, tags));
        _listener.Start();
    }

    internal SiloCounts Counts => new(Interlocked.Read(ref _messages), Interlocked.Read(ref _batches), Interlocked.Read(ref _records));

    public void Dispose() => _listener.Dispose();

    private void Count(Instrument instrument, long value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        switch (instrument.Name)
        {
            case "creditgrains.journal.commits":
                Interlocked.Add(ref _batches, value);
                break;
            case "creditgrains.journal.records":
                Interlocked.Add(ref _records, value);
                break;
            default:
                foreach (var tag in tags)
                {
                    if (tag.Key == Direction && tag.Value?.ToString() == SiloToSilo) Interlocked.Increment(ref _messages);
                }

                break;
        }
    }
}
