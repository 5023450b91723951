using CreditGrains.Journal;
using CreditGrains.Ledger;

namespace CreditGrains.Grains.Citizens;

public sealed partial class CitizenGrain
{
    private JournalId PagesJournal => new(Space.Partition, _id.Value);

    /// <inheritdoc/>
    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        if (!CitizenId.TryParse(this.GetPrimaryKeyString(), out _id))
            throw new ArgumentException("The key of a citizen's grain is the text of a citizen's id.");

        var partition = services.Map.PartitionOf(this.GetGrainId());
        _state = new CitizenState();
        try
        {
            // What an activation before this one has on its way is not in the store yet, and may be soon: nothing is known until it is settled.
            if (await services.Partitions.OpenAsync(partition) is not { } log || log.IsOutstanding(Journal)) return;
            await ReplayAsync(log, cancellationToken);
            _log = log;
        }
        catch (Exception failure) when (failure is StoreUnavailableException or JournalBrokenException or EntryMalformedException)
        {
            // Without a log the grain answers that it cannot, and goes; it never answers from half a file.
            services.LogUnreadable(partition, failure);
        }
    }

    /// <inheritdoc/>
    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        if (_isListed) services.Active.Remove(_log!.Partition, this);

        // Entered for good: nobody comes in alone any more. What the intake brought is on its way without a call that would hold the
        // grain. It is waited for, as long as the runtime lets one wait; the next activation knows no more than its log tells it.
        _gate.Enter();
        while (_committing is { } committing && !cancellationToken.IsCancellationRequested)
            await Task.WhenAny(committing.Settled, Task.Delay(Timeout.Infinite, cancellationToken));
        _isLeaving = true;
    }

    /// <summary>Reads newest first until a usable snapshot, then folds what came after it.</summary>
    private async Task ReplayAsync(PartitionLog log, CancellationToken cancellation)
    {
        (_state, var records) = await services.ReadBackAsync(log.Partition, log.ReadJournal(Journal, 1, ulong.MaxValue, ReadDirection.Descending, cancellation));
        for (var place = records.Count - 1; place >= 0; place--) Fold(records[place]);
        _state.Trim();
    }

    private void Fold(OpenedRecord record)
    {
        foreach (var stored in Decode(record))
            Fold(stored, services.ReferenceKey.DigestOf(stored.Entry.Furnisher, stored.Entry.Reference), record.Header.Sequence);

        _tail = record.Tail;
        _recordedAt = record.Header.RecordedAt;
    }

    private IEnumerable<StoredEntry> Decode(OpenedRecord record)
    {
        foreach (var body in record.Bodies)
        {
            // A redacted body has left the file for good; its digest keeps the chain.
            if (body is { } bytes) yield return EntryCodec.Decode(_id, bytes.Span, record.Header.Sequence, record.Header.RecordedAt);
        }
    }
}
