using System.Collections.Immutable;
using CreditGrains.Grains.Silos;

namespace CreditGrains.Grains.Citizens;

/// <content>The calls from outside, within spans if anybody listens.</content>
public sealed partial class CitizenGrain
{
    /// <inheritdoc/>
    public ValueTask<RecordOutcome> Record(Entry entry) =>
        LedgerTraces.AreHeard ? LedgerTraces.RecordAsync(this, entry, static (grain, entry) => grain.RecordOne(entry)) : RecordOne(entry);

    /// <inheritdoc/>
    public ValueTask<ImmutableArray<RecordOutcome>> RecordMany(ImmutableArray<Entry> entries) =>
        LedgerTraces.AreHeard ? LedgerTraces.RecordManyAsync(this, entries, static (grain, entries) => grain.RecordAll(entries)) : RecordAll(entries);

    /// <inheritdoc/>
    public ValueTask<ReadAnswer<CreditFile>> ReadFile(FileRequest request) =>
        LedgerTraces.AreHeard ? LedgerTraces.ReadAsync("read file", this, request, static (grain, request) => grain.DiscloseFile(request)) : DiscloseFile(request);

    /// <inheritdoc/>
    public ValueTask<ReadAnswer<CharacteristicVector>> ReadCharacteristics(FileRequest request) =>
        LedgerTraces.AreHeard ? LedgerTraces.ReadAsync("read characteristics", this, request, static (grain, request) => grain.DiscloseCharacteristics(request)) : DiscloseCharacteristics(request);

    /// <inheritdoc/>
    public ValueTask<ReadAnswer<ScoreReport>> Score(ScoreRequest request) =>
        LedgerTraces.AreHeard ? LedgerTraces.ReadAsync("score", this, request, static (grain, request) => grain.DiscloseScore(request)) : DiscloseScore(request);

    /// <inheritdoc/>
    public ValueTask<ReadAnswer<ScoreReplay>> ReplayScore(ulong sequence) =>
        LedgerTraces.AreHeard ? LedgerTraces.ReadAsync("replay score", this, sequence, static (grain, sequence) => grain.DiscloseReplay(sequence)) : DiscloseReplay(sequence);

    /// <inheritdoc/>
    public ValueTask<ReadAnswer<HistoryPage>> ReadHistory(HistoryRequest request) =>
        LedgerTraces.AreHeard ? LedgerTraces.ReadAsync("read history", this, request, static (grain, request) => grain.DiscloseHistory(request)) : DiscloseHistory(request);
}
