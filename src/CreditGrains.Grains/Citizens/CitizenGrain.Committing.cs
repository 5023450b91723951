using System.Buffers;
using System.Collections.Immutable;
using CreditGrains.Journal;
using CreditGrains.Ledger;

namespace CreditGrains.Grains.Citizens;

/// <content>From an open record to what is folded. Everything here happens inside the gate.</content>
public sealed partial class CitizenGrain
{
    /// <summary>Starts committing what is open, unless a commit is under way: that one takes it up when it is through.</summary>
    private void Commit()
    {
        if (_log is { } log) Commit(log, isMoreComing: false);
    }

    private void Commit(PartitionLog log, bool isMoreComing)
    {
        if (_committing is not null || _open is not { } record) return;
        _open = null;
        _committing = record;
        try
        {
            Seal(record, log);
            if (log.Submit(record, isMoreComing) is { } atOnce) Settle(record, atOnce);
        }
        catch (Exception bug)
        {
            Abandon(record, bug);
        }
    }

    /// <summary>Takes the log's verdict, on the thread that brought it unless calls are under way: then in a turn between them.</summary>
    internal void Hear(PendingRecord record, CommitVerdict verdict)
    {
        if (!_gate.TryEnterAlone())
        {
            HearInTurn(record, verdict);
            return;
        }

        try
        {
            Settle(record, verdict);
        }
        finally
        {
            _gate.LeaveAlone();
        }
    }

    private void HearInTurn(PendingRecord record, CommitVerdict verdict) => GrainContext.Scheduler.QueueAction(() =>
    {
        _gate.Enter();
        try
        {
            Settle(record, verdict);
        }
        finally
        {
            _gate.Leave();
        }
    });

    /// <summary>Folds what is durable, tells who waits, and starts what has gathered meanwhile. Never throws.</summary>
    private void Settle(PendingRecord record, CommitVerdict verdict)
    {
        try
        {
            if (verdict == CommitVerdict.Durable) Fold(record);
        }
        catch (Exception bug)
        {
            Abandon(record, bug);
            return;
        }

        _committing = null;
        record.Settle(OutcomeOf(verdict, record.Sequence));
        if (verdict != CommitVerdict.Durable) LetGo(verdict);
        else if (_isLeaving) DropOpen(RecordStatus.NotWritten);
        else Commit();
    }

    /// <summary>Says what became of a record in the words that callers are told.</summary>
    internal static RecordOutcome OutcomeOf(CommitVerdict verdict, ulong sequence) => verdict switch
    {
        CommitVerdict.Durable => new(RecordStatus.Recorded, sequence),
        CommitVerdict.Overloaded => new(RecordStatus.Overloaded),
        CommitVerdict.Unknown => new(RecordStatus.Unknown),
        _ => new(RecordStatus.NotWritten), // refused by the store, or fenced: not there, and never will be
    };

    /// <summary>Ends what depended on a record that is not durable.</summary>
    private void LetGo(CommitVerdict verdict)
    {
        // What was accepted behind it stays behind it, so that a caller's entries are recorded in their order.
        DropOpen(verdict == CommitVerdict.Overloaded ? RecordStatus.Overloaded : RecordStatus.NotWritten);
        if (verdict is CommitVerdict.NotWritten or CommitVerdict.Overloaded) return;

        // Memory may be behind the store. The next activation reads what happened.
        services.LogNotDurable(_log!.Partition, verdict);
        _isInDoubt = true;
        GiveUp();
    }

    private void DropOpen(RecordStatus status)
    {
        _open?.Settle(new(status));
        _open = null;
    }

    /// <summary>Ends what a bug of ours stopped: nothing is known of the record or of what was accepted behind it.</summary>
    private void Abandon(PendingRecord record, Exception bug)
    {
        services.LogCommitFailed(_log!.Partition, bug);
        _committing = null;
        record.Fail(bug);
        _open?.Fail(bug);
        _open = null;
        _isInDoubt = true;
        GiveUp();
    }

    /// <summary>Leaves memory once the calls under way are through. From any thread, unlike the base class's own way.</summary>
    private void GiveUp() => GrainContext.Deactivate(new(DeactivationReasonCode.ApplicationRequested, "Memory may be behind the store."));

    /// <summary>Seals a record behind the newest durable one; pages of references that it finishes go with it.</summary>
    private void Seal(PendingRecord record, PartitionLog log)
    {
        var sequence = _tail.Sequence + 1;
        var recordedAt = log.NextRecordedAt();
        var (value, hash) = Seal(record, sequence, recordedAt);
        var row = new AppendRow(Journal, sequence, value, hash);
        var pages = _state.References.PagesFinishedBy(record.Digests, sequence);
        if (pages.IsEmpty) record.Place(row, recordedAt);
        else record.Place(WithPages(row, pages, recordedAt), recordedAt);
    }

    private SealedRecord Seal(PendingRecord record, ulong sequence, long recordedAt)
    {
        // The snapshot is of what is durable: it stands for the record before this one.
        Snapshot? snapshot = sequence % CitizenServices.RecordsPerSnapshot == 0
            ? new(CitizenState.FoldVersion, sequence - 1, SnapshotOf(_state))
            : null;
        if (snapshot is { Bytes.Length: > RecordFrame.MaxSnapshotBytes })
        {
            // A file this large is read from its records; a snapshot only shortens that.
            services.LogSnapshotLeftOut(_log!.Partition, sequence);
            snapshot = null;
        }

        return RecordFrame.Seal(
            new RecordDraft
            {
                Format = services.Formats.Written,
                Journal = Journal,
                After = _tail,
                RecordedAt = recordedAt,
                Kind = EntriesKind,
                RetentionClass = record.RetentionClass,
                Bodies = record.Bodies,
                Snapshot = snapshot,
            },
            services.Keys.Current(Journal));
    }

    private AppendRow[] WithPages(AppendRow row, ImmutableArray<ReferencePage> pages, long recordedAt)
    {
        var rows = new AppendRow[1 + pages.Length];
        rows[0] = row;
        for (var place = 0; place < pages.Length; place++)
        {
            var bytes = new ArrayBufferWriter<byte>(ReferencePage.MaxBytes);
            pages[place].Encode(bytes);
            var number = RowOf(pages[place].Number);
            var page = RecordFrame.Seal(
                new RecordDraft
                {
                    Format = services.Formats.Written,
                    Journal = PagesJournal,
                    After = new(number - 1, default), // pages stand alone: each is found by its number
                    RecordedAt = recordedAt,
                    Kind = PageKind,
                    Bodies = [bytes.WrittenMemory],
                },
                services.Keys.Current(PagesJournal));
            rows[place + 1] = new(PagesJournal, number, page.Value, page.Hash);
        }

        return rows;
    }

    private void Fold(PendingRecord record)
    {
        // The digests were made when the entries were accepted.
        for (var place = 0; place < record.Count; place++) Fold(record.Entries[place], record.Digests[place], record.Sequence);
        _tail = new(record.Sequence, record.Hash);
        _recordedAt = record.SealedAt;
        unchecked { _accepted++; }
    }

    private void Fold(in StoredEntry stored, ulong digest, ulong sequence)
    {
        _state.Apply(stored);

        // A page that fills now lies in this record's batch already: what it held only leaves memory.
        _state.References.Add(digest, sequence);
        if (stored.Entry.Corrects is { } corrects) _state.References.AddCorrection(services.ReferenceKey.DigestOf(corrects), sequence);
    }

    internal static ReadOnlyMemory<byte> SnapshotOf(CitizenState state)
    {
        var bytes = new ArrayBufferWriter<byte>();
        state.WriteSnapshot(bytes);
        return bytes.WrittenMemory;
    }
}
