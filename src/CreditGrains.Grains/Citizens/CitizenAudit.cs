using System.Buffers;
using CreditGrains.Journal;
using CreditGrains.Ledger;

namespace CreditGrains.Grains.Citizens;

/// <summary>Something in a citizen's records that does not mean what it should.</summary>
/// <param name="Citizen">Whose records.</param>
/// <param name="Sequence">The record, from 1.</param>
/// <param name="What">What is wrong, in a sentence that shows nothing of the content.</param>
public sealed record CitizenFinding(CitizenId Citizen, ulong Sequence, string What);

/// <summary>Checks what records mean while an audit walks them: every entry, every snapshot, every fold, every page of references.</summary>
/// <remarks>
/// A citizen's state is folded as the grain folds it, record by record. Each snapshot is held against it; at the end the same entries are
/// folded by brute force — first what stands, then its sum — and the two must be the same. One auditor serves one partition.
/// </remarks>
public sealed class CitizenAudit(ReferenceKey key) : IAuditVisitor
{
    private readonly List<CitizenFinding> _findings = [];
    private readonly List<StoredEntry> _entries = [];

    // What each page that is still to come must hold. Pages lie behind all citizens of their partition.
    private readonly Dictionary<(CitizenId Citizen, ulong Number), RecordHash> _pages = [];
    private CitizenState _state = new();
    private ulong _sequence;
    private bool _isWhole = true;

    /// <summary>Gets how many citizens have a record.</summary>
    public long Citizens { get; private set; }

    /// <summary>Gets how many entries were read.</summary>
    public long Entries { get; private set; }

    /// <summary>Gets how many records of citizens were read.</summary>
    public long Records { get; private set; }

    /// <summary>Gets what was found.</summary>
    public IReadOnlyList<CitizenFinding> Findings => _findings;

    /// <inheritdoc/>
    public void Visit(OpenedRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);
        var citizen = CitizenId.FromValue(record.Header.Journal.Id);
        if (record.Header is { Journal.Space: Space.Partition, Kind: CitizenGrain.PageKind }) CheckPage(citizen, record);
        if (record.Header.Journal.Space != Space.Citizen) return;

        Records++;
        _sequence = record.Header.Sequence;
        CheckSnapshot(citizen, record);
        foreach (var body in record.Bodies)
        {
            Entries++;
            // What was redacted cannot be folded; what came before and after is still read.
            if (body is not { } bytes) _isWhole = false;
            else Fold(citizen, bytes, record.Header);
        }
    }

    /// <inheritdoc/>
    public void Leave(JournalId journal, bool isSound)
    {
        if (journal.Space != Space.Citizen) return;

        Citizens++;
        // Where records are missing or broken that is what is wrong, and the fold cannot but differ.
        if (isSound && _isWhole)
        {
            var byForce = PastFold.Fold(_entries, DateOnly.MaxValue, long.MaxValue);
            if (!byForce.SameAs(_state)) Report(CitizenId.FromValue(journal.Id), _sequence, "the fold differs from a brute-force fold of the same entries");
        }

        _entries.Clear();
        _state = new();
        _sequence = 0;
        _isWhole = true;
    }

    private void CheckSnapshot(CitizenId citizen, OpenedRecord record)
    {
        if (record.Snapshot is not { FoldVersion: CitizenState.FoldVersion } snapshot || !_isWhole) return;
        if (snapshot.Sequence != record.Header.Sequence - 1) Report(citizen, record.Header.Sequence, "the snapshot stands for another record than the one before");
        else if (!CitizenState.TryRestore(snapshot.Bytes.Span, out var restored)) Report(citizen, record.Header.Sequence, "the snapshot cannot be read");
        else if (!restored.SameAs(_state) || !restored.References.SameAs(_state.References)) Report(citizen, record.Header.Sequence, "the snapshot differs from a fold of the records before it");
    }

    private void Fold(CitizenId citizen, ReadOnlyMemory<byte> body, in RecordHeader header)
    {
        try
        {
            var stored = EntryCodec.Decode(citizen, body.Span, header.Sequence, header.RecordedAt);
            _entries.Add(stored);
            _state.Apply(stored);
            if (_state.References.Add(key.DigestOf(stored.Entry.Furnisher, stored.Entry.Reference), header.Sequence) is { } page)
                _pages[(citizen, CitizenGrain.RowOf(page.Number))] = HashOf(page);
            if (stored.Entry.Corrects is { } corrects) _state.References.AddCorrection(key.DigestOf(corrects), header.Sequence);
        }
        catch (EntryMalformedException)
        {
            _isWhole = false;
            Report(citizen, header.Sequence, "an entry cannot be decoded");
        }
    }

    /// <summary>Reports the pages that were owed and not met. Asked once, when the partition has been walked.</summary>
    public void Finish()
    {
        foreach (var (citizen, number) in _pages.Keys) Report(citizen, number, "a page of references is missing");
        _pages.Clear();
    }

    private void CheckPage(CitizenId citizen, OpenedRecord record)
    {
        // A citizen whose records are broken owes pages that cannot be told; its records are reported.
        if (!_pages.Remove((citizen, record.Header.Sequence), out var owed)) return;
        if (record.Bodies is not [{ } page] || RecordHash.Of(page.Span) != owed) Report(citizen, record.Header.Sequence, "a page of references does not hold the citizen's references");
    }

    private static RecordHash HashOf(ReferencePage page)
    {
        var bytes = new ArrayBufferWriter<byte>(ReferencePage.MaxBytes);
        page.Encode(bytes);
        return RecordHash.Of(bytes.WrittenSpan);
    }

    private void Report(CitizenId citizen, ulong sequence, string what) => _findings.Add(new(citizen, sequence, what));
}
