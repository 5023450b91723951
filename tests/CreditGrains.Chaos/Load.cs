using System.Diagnostics;
using System.Globalization;
using CreditGrains.Client;

namespace CreditGrains.Chaos;

/// <summary>Callers that record and read, and remember what they were told.</summary>
internal sealed class Load(ILedgerClient ledger, ChaosOptions options, TextWriter log)
{
    internal static readonly FurnisherId Furnisher = new("bank-chaos");
    internal static readonly Currency Currency = Currency.Of("CNY");

    private readonly Witness[] _witnesses = [.. Enumerable.Range(0, options.Callers * options.CitizensEach).Select(number => new Witness(number))];
    private readonly List<(long At, TaskCompletionSource Reached)> _awaited = [];
    private long _acknowledged;
    private long _stale;
    private long _failed;
    private long _longestWait;
    private volatile bool _isStopping;

    internal long Acknowledged => Volatile.Read(ref _acknowledged);

    internal long Stale => Volatile.Read(ref _stale);

    internal long Failed => Volatile.Read(ref _failed);

    internal TimeSpan LongestWait => TimeSpan.FromTicks(Volatile.Read(ref _longestWait));

    internal IReadOnlyList<Witness> Witnesses => _witnesses;

    /// <summary>Begins; the task ends after <see cref="Stop"/>, or with what a caller could not bear.</summary>
    internal Task StartAsync() => Task.WhenAll(Enumerable.Range(0, options.Callers).Select(caller => Task.Run(() => RecordAsync(caller))));

    internal void Stop() => _isStopping = true;

    /// <summary>Forgets how long callers have waited: the silos have only just begun, and were compiling and claiming partitions.</summary>
    internal void WarmedUp() => Volatile.Write(ref _longestWait, 0);

    /// <summary>Waits until so many entries are acknowledged.</summary>
    internal Task ReachedAsync(long acknowledged)
    {
        lock (_awaited)
        {
            if (Acknowledged >= acknowledged) return Task.CompletedTask;
            var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _awaited.Add((acknowledged, reached));
            return reached.Task;
        }
    }

    /// <summary>Waits until every citizen has taken an entry that was sent from now on: each answers again, from wherever it is now.</summary>
    internal Task AllAnswerAsync() => Task.WhenAll(_witnesses.Select(witness => witness.NextAsync()));

    private async Task RecordAsync(int caller)
    {
        var random = new Random((options.Seed * 1_000) + caller);
        for (var round = 0; ; round++)
        {
            for (var place = 0; place < options.CitizensEach; place++)
            {
                if (_isStopping) return;
                var witness = _witnesses[(caller * options.CitizensEach) + place];
                var burst = random.Next(2) == 0 ? 1 : 1 + random.Next(options.MaxBurst);
                await (burst == 1 ? RecordOneAsync(witness) : RecordBurstAsync(witness, burst));
                await PauseAsync(random);

                // Its own citizen now and then, and as often anybody's.
                if ((round + place) % 4 == 0) await ReadAsync(witness);
                else if ((round + place) % 4 == 2) await ReadAsync(_witnesses[random.Next(_witnesses.Length)]);
                else continue;
                await PauseAsync(random);
            }
        }
    }

    private async Task RecordOneAsync(Witness witness)
    {
        var entry = Next(witness);
        var started = Stopwatch.GetTimestamp();
        var outcome = new RecordOutcome(RecordStatus.Unknown);
        try
        {
            outcome = await ledger.RecordAsync(entry);
        }
        catch (LedgerUnreachableException)
        {
        }

        Waited(started);
        Told(witness, entry, outcome);
    }

    private async Task RecordBurstAsync(Witness witness, int burst)
    {
        var entries = Enumerable.Range(0, burst).Select(_ => Next(witness)).ToList();
        var started = Stopwatch.GetTimestamp();
        var told = 0;
        try
        {
            await foreach (var outcome in ledger.RecordManyAsync(entries.ToAsyncEnumerable())) Told(witness, entries[told++], outcome);
        }
        catch (LedgerUnreachableException)
        {
            Interlocked.Add(ref _failed, burst - told);
        }

        Waited(started);
    }

    private Entry Next(Witness witness)
    {
        var number = witness.Sent + 1;
        witness.Sending();
        return Payment(witness.Citizen, number, options.Seed);
    }

    private void Told(Witness witness, Entry entry, RecordOutcome outcome)
    {
        if (outcome.Status == RecordStatus.Refused) throw new InvalidOperationException($"A sound entry was refused: {outcome.Refusal}");
        if (outcome.Status is RecordStatus.Recorded or RecordStatus.AlreadyRecorded) Acknowledge(witness, NumberOf(entry), entry.Money!.Value.MinorUnits);
        else Interlocked.Increment(ref _failed);
    }

    private Task PauseAsync(Random random) => Task.Delay(options.Pause * (2 * random.NextDouble()));

    /// <summary>Reads a file, and holds it against what had been acknowledged when it was asked for.</summary>
    private async Task ReadAsync(Witness witness)
    {
        var (entries, minorUnits) = witness.Acknowledged;
        var started = Stopwatch.GetTimestamp();
        CreditFile? file = null;
        try
        {
            var answer = await ledger.ReadFileAsync(witness.Citizen);
            file = answer.Value;
        }
        catch (LedgerUnreachableException)
        {
        }

        Waited(started);
        if (file is null)
        {
            Interlocked.Increment(ref _failed);
            return;
        }

        var paid = file.Totals.IsDefaultOrEmpty ? default : file.Totals[0][Window.Lifetime];
        if (file.Entries < entries || paid.MinorUnits < minorUnits) Interlocked.Increment(ref _stale);
    }

    private void Acknowledge(Witness witness, int number, long minorUnits)
    {
        witness.Acknowledge(number, minorUnits);
        var acknowledged = Interlocked.Increment(ref _acknowledged);
        if (acknowledged % 16 != 0) return;
        lock (_awaited)
        {
            foreach (var awaited in _awaited.Where(awaited => awaited.At <= acknowledged)) awaited.Reached.TrySetResult();
            _awaited.RemoveAll(awaited => awaited.At <= acknowledged);
        }
    }

    private void Waited(long started)
    {
        var waited = Stopwatch.GetElapsedTime(started).Ticks;
        for (var longest = Volatile.Read(ref _longestWait); waited > longest; longest = Volatile.Read(ref _longestWait))
        {
            if (Interlocked.CompareExchange(ref _longestWait, waited, longest) != longest) continue;
            if (waited > TimeSpan.TicksPerSecond) log.WriteLine(string.Create(CultureInfo.InvariantCulture, $"    a caller has waited {waited / (double)TimeSpan.TicksPerSecond:F1} s"));
        }
    }

    /// <summary>Gives the number of a witness's entry back, from 1.</summary>
    internal static int NumberOf(Entry entry) => int.Parse(entry.Reference.AsSpan(2), CultureInfo.InvariantCulture);

    private static Entry Payment(CitizenId citizen, int number, int seed) => new()
    {
        Citizen = citizen,
        Kind = EntryKind.PaymentMade,
        Furnisher = Furnisher,
        Reference = string.Create(CultureInfo.InvariantCulture, $"c/{number}"),
        OccurredOn = new DateOnly(2026, 1, 1).AddDays(number % 90),
        Money = new Money(1 + (((seed * 7_919) + (number * 104_729)) & 0xFFFF), Currency),
    };
}
