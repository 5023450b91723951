using System.CommandLine;
using System.Runtime.CompilerServices;
using CreditGrains.Client;
using CreditGrains.Ledger;
using CreditGrains.Silo.CommandLine;

namespace CreditGrains.Silo.Tests;

/// <summary>A ledger in memory that keeps what it is given, in order, and knows the same entry again.</summary>
internal sealed class FakeLedger : ILedgerClient
{
    // The real client reads ahead of its answers; so does this one.
    private const int ReadAhead = 100;

    private static readonly DateTimeOffset Epoch = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly Dictionary<(CitizenId, EntryReference), Entry> _byName = [];

    public List<Entry> Entries { get; } = [];

    /// <summary>Gets or sets what it answers instead of recording; null records.</summary>
    public Func<Entry, RecordOutcome?> Answer { get; set; } = _ => null;

    public ReadAnswer<CreditFile> File { get; set; } = new(ReadStatus.Unavailable, null);

    public LedgerTotals? Totals { get; set; }

    public List<FileRequest?> FileRequests { get; } = [];

    public Task<LedgerDescription> DescribeAsync(CancellationToken cancellation = default) => throw new NotSupportedException();

    public Task<RecordOutcome> RecordAsync(Entry entry, CancellationToken cancellation = default) => Task.FromResult(Record(entry));

    public async IAsyncEnumerable<RecordOutcome> RecordManyAsync(IAsyncEnumerable<Entry> entries, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        var waiting = new List<Entry>();
        await foreach (var entry in entries.WithCancellation(cancellation))
        {
            waiting.Add(entry);
            if (waiting.Count < ReadAhead) continue;
            foreach (var one in waiting) yield return Record(one);
            waiting.Clear();
        }

        foreach (var one in waiting) yield return Record(one);
    }

    public Task<ReadAnswer<CreditFile>> ReadFileAsync(CitizenId citizen, FileRequest? request = null, CancellationToken cancellation = default)
    {
        FileRequests.Add(request);
        return Task.FromResult(File);
    }

    public async Task<ReadAnswer<CharacteristicVector>> ReadCharacteristicsAsync(CitizenId citizen, FileRequest? request = null, CancellationToken cancellation = default)
    {
        // Answers come later, as those of a real ledger do.
        await Task.Yield();
        lock (FileRequests) FileRequests.Add(request);
        var asOf = request?.AsOf ?? DateOnly.FromDateTime(Epoch.Date);
        if (asOf > DateOnly.FromDateTime(Epoch.Date)) return new(ReadStatus.BadRequest, null, "asOf");
        var state = PastFold.Fold(Entries.Where(entry => entry.Citizen == citizen).Select(entry => new StoredEntry(entry)), asOf, long.MaxValue);
        var values = new double[Characteristics.Count];
        state.Characterise(asOf, values);
        return new(ReadStatus.Answered, new(citizen, asOf, Epoch, [.. Characteristics.All.Select(one => new CharacteristicValue(one.Name, double.IsNaN(values[one.Index]) ? null : values[one.Index]))]));
    }

    public Task<ReadAnswer<ScoreReport>> ScoreAsync(CitizenId citizen, ScoreRequest request, CancellationToken cancellation = default) => throw new NotSupportedException();

    public Task<ReadAnswer<ScoreReplay>> ReplayScoreAsync(CitizenId citizen, ulong sequence, CancellationToken cancellation = default) => throw new NotSupportedException();

    public async IAsyncEnumerable<HistoryEntry> ReadHistoryAsync(CitizenId citizen, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        await Task.CompletedTask;
        var sequence = 0UL;
        foreach (var entry in Entries.Where(entry => entry.Citizen == citizen)) yield return new(++sequence, 0, Epoch, entry);
    }

    public Task<LedgerTotals> ReadTotalsAsync(IProgress<int>? progress = null, CancellationToken cancellation = default) =>
        Task.FromResult(Totals ?? SumOfEntries());

    private LedgerTotals SumOfEntries() => new(
        Entries.Select(entry => entry.Citizen).Distinct().Count(),
        Entries.Count,
        [.. Entries.GroupBy(entry => (Furnisher: entry.Furnisher.Value, entry.Kind, Currency: entry.Money?.Currency ?? default))
            .OrderBy(group => group.Key.Furnisher, StringComparer.Ordinal).ThenBy(group => group.Key.Kind).ThenBy(group => group.Key.Currency)
            .Select(group => new FurnisherTotal(new(group.Key.Furnisher), group.Key.Kind, group.Key.Currency, new(group.LongCount(), Sum(group))))]);

    public static Int128 Sum(IEnumerable<Entry> entries) => entries.Aggregate((Int128)0, (sum, entry) => sum + (entry.Money?.MinorUnits ?? 0));

    private RecordOutcome Record(Entry entry)
    {
        if (Answer(entry) is { } other) return other;
        var name = (entry.Citizen, new EntryReference(entry.Furnisher, entry.Reference));
        if (_byName.TryGetValue(name, out var known))
            return known == entry ? new(RecordStatus.AlreadyRecorded, 1) : RecordOutcome.Refused(RecordRefusal.ReferenceReused, "reference");
        _byName.Add(name, entry);
        Entries.Add(entry);
        return new(RecordStatus.Recorded, (ulong)Entries.Count);
    }
}

/// <summary>Opens the one ledger in memory, or fails as it is told.</summary>
internal sealed class FakeHosting : ILedgerOpener, ILedgerServer, ILedgerCopies
{
    public static readonly byte[] Key = [.. Enumerable.Range(0, SubjectPseudonymizer.KeyLength).Select(i => (byte)i)];

    public FakeLedger Ledger { get; } = new();

    public AuditSummary Audit { get; set; } = new(0, 0, 0, []);

    public Exception? Failure { get; set; }

    /// <summary>Gets or sets what the silos answer when they are asked how they are.</summary>
    public Func<ClusterReport> Cluster { get; set; } = () => new([]);

    public List<(LedgerLocation Location, LedgerUse Use)> Opened { get; } = [];

    /// <summary>Gets or sets the formats of the ledger, opened; null where nobody asks.</summary>
    public OpenFormats? Formats { get; set; }

    public ServeRequest? Served { get; private set; }

    public BackupOutcome Backup { get; set; } = new(0xABC, 8, 0, 0, 0, 0);

    public RestoreOutcome Restored { get; set; } = new(0xABC, 2, DateTimeOffset.UnixEpoch, 8, 0, 0, 0, []);

    public List<(LedgerLocation Location, string Folder, bool IsAnew)> Copied { get; } = [];

    public IReadOnlyList<Option> Options { get; } = [new Option<int>("--silo-port")];

    public Task<OpenLedger> OpenAsync(LedgerLocation location, LedgerUse use, CancellationToken cancellation)
    {
        Opened.Add((location, use));
        return Failure is null ? Task.FromResult<OpenLedger>(new Open(this)) : throw Failure;
    }

    public Task<OpenFormats> OpenFormatsAsync(LedgerLocation location, CancellationToken cancellation) =>
        Failure is null ? Task.FromResult(Formats!) : throw Failure;

    public Task ServeAsync(ServeRequest request, CancellationToken stop)
    {
        Served = request;
        return Failure is null ? Task.CompletedTask : throw Failure;
    }

    public Task<BackupOutcome> BackUpAsync(LedgerLocation location, string folder, bool anew, IProgress<CopyProgress> progress, CancellationToken cancellation)
    {
        Copied.Add((location, folder, anew));
        return Failure is null ? Task.FromResult(Backup) : throw Failure;
    }

    public Task<RestoreOutcome> RestoreAsync(string folder, LedgerLocation location, IProgress<CopyProgress> progress, CancellationToken cancellation)
    {
        Copied.Add((location, folder, false));
        return Failure is null ? Task.FromResult(Restored) : throw Failure;
    }

    private sealed class Open(FakeHosting hosting) : OpenLedger
    {
        public override ILedgerClient Client => hosting.Ledger;

        public override IClusterReports Cluster => new Reports(hosting);

        public override IModelRegister Models => throw new NotSupportedException();

        public override SubjectPseudonymizer Pseudonymizer { get; } = new(Key);

        public override Task<AuditSummary> VerifyAsync(IProgress<AuditProgress>? progress, CancellationToken cancellation)
        {
            progress?.Report(new(1, 1, hosting.Audit.Records));
            return Task.FromResult(hosting.Audit);
        }

        public override ValueTask DisposeAsync()
        {
            Pseudonymizer.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}

/// <summary>Silos that answer as a test tells them to.</summary>
internal sealed class Reports(FakeHosting hosting) : IClusterReports
{
    public Task<ClusterReport> ReadAsync(CancellationToken cancellation = default) => Task.FromResult(hosting.Cluster());
}

/// <summary>The command line against the ledger in memory.</summary>
internal sealed class CommandRun
{
    public FakeHosting Hosting { get; } = new();

    public FakeLedger Ledger => Hosting.Ledger;

    public TimeProvider Clock { get; init; } = TimeProvider.System;

    public string Out { get; private set; } = "";

    public string Error { get; private set; } = "";

    public string LastLine => Out.TrimEnd().Split('\n')[^1];

    public Task<int> RunAsync(params string[] words) => RunAsync(TestContext.Current.CancellationToken, words);

    public async Task<int> RunAsync(CancellationToken interrupt, params string[] words)
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var error = new StringWriter { NewLine = "\n" };
        var host = new CommandHost(Hosting, Hosting, Hosting, new Terminal(output, error, OutIsScreen: false, ErrorIsScreen: false), Clock);
        var code = await CreditGrainsCommand.RunAsync(words, host, interrupt);
        (Out, Error) = (output.ToString(), error.ToString());
        return code;
    }

    public static CitizenId Citizen(string reference)
    {
        using var pseudonymizer = new SubjectPseudonymizer(FakeHosting.Key);
        return pseudonymizer.Pseudonym(reference);
    }
}
