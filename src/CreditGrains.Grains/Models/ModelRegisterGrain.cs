using CreditGrains.Grains.Citizens;
using CreditGrains.Grains.Partitions;
using CreditGrains.Grains.Placement;
using CreditGrains.Journal;
using CreditGrains.Ledger;
using Microsoft.Extensions.Logging;
using Orleans.GrainDirectory;

namespace CreditGrains.Grains.Models;

/// <summary>The register of models: decides about versions and their moves, appends what happened, and answers only for what is durable.</summary>
/// <remarks>One call at a time. It lives with partition 0, whose log fences it; when that log closes, it reads the journal anew.</remarks>
[GrainType(GrainTypes.ModelRegister), PartitionPlacement, GrainDirectory(GrainDirectoryName = PartitionDirectory.Name)]
public sealed partial class ModelRegisterGrain(PartitionHost partitions, LedgerSettings ledger, ICipherKeys keys, ILogger<ModelRegisterGrain> logger) : Grain, IModelRegisterGrain
{
    private PartitionLog? _log;
    private KnownModels _known = KnownModels.None;

    /// <inheritdoc/>
    public ValueTask<ModelOutcome> Register(string model, string document, string person) => ChangeAsync(register => register.Register(model, document, person));

    /// <inheritdoc/>
    public ValueTask<ModelOutcome> Propose(ModelVersion version, ModelState state, string person) => ChangeAsync(register => register.Propose(version, state, person));

    /// <inheritdoc/>
    public ValueTask<ModelOutcome> Approve(ModelVersion version, ModelState state, string person) => ChangeAsync(register => register.Approve(version, state, person));

    /// <inheritdoc/>
    public ValueTask<ReadAnswer<ModelList>> List() => ReadAsync(register => new ModelList(register.Infos), field: null);

    /// <inheritdoc/>
    public ValueTask<ReadAnswer<ModelDocument>> Read(ModelVersion version) =>
        ReadAsync(register => register.DocumentOf(version) is { } document ? new ModelDocument(document) : null, "version");

    private async ValueTask<ReadAnswer<T>> ReadAsync<T>(Func<ModelRegister, T?> view, string? field)
        where T : class
    {
        if (await OpenAsync() is not { } log || !await MayAnswerAsync(log)) return new(ReadStatus.Unavailable, null);
        return view(_known.Register) is { } value ? new(ReadStatus.Answered, value) : new(ReadStatus.BadRequest, null, field);
    }

    private async ValueTask<ModelOutcome> ChangeAsync(Func<ModelRegister, ModelDecision> decide)
    {
        if (await OpenAsync() is not { } log) return new(RecordStatus.NotWritten);
        var decision = decide(_known.Register);
        if (decision.Happened is not { } happened)
        {
            // A refusal is final, so memory that another owner may have left behind does not speak it.
            return await MayAnswerAsync(log)
                ? new(RecordStatus.Refused, null, decision.Refusal, decision.Detail)
                : new(RecordStatus.NotWritten);
        }

        var recordedAt = log.NextRecordedAt();
        var record = RecordFrame.Seal(
            new RecordDraft
            {
                Format = ledger.Formats.Written,
                Journal = ModelJournal.Id,
                After = _known.Tail,
                RecordedAt = recordedAt,
                Kind = ModelJournal.EventKind,
                Bodies = [happened.Encode()],
            },
            keys.Current(ModelJournal.Id));
        var sequence = _known.Tail.Sequence + 1;
        var verdict = await log.AppendAsync(new AppendRow(ModelJournal.Id, sequence, record.Value, record.Hash), recordedAt);
        if (verdict != CommitVerdict.Durable)
        {
            // What is in memory may be behind the store: it is read anew before the next answer.
            _log = null;
            return new(CitizenGrain.OutcomeOf(verdict, sequence).Status);
        }

        _known = new(_known.Register.After(happened), new(sequence, record.Hash));
        return new(RecordStatus.Recorded, _known.Register.InfoOf(new(happened.Model, happened.Version)));
    }

    /// <summary>Whether memory may speak: the partition is this silo's, as far as the lease or the store itself tells.</summary>
    private async ValueTask<bool> MayAnswerAsync(PartitionLog log)
    {
        try
        {
            return log.HoldsLease || await log.ConfirmAsync(CancellationToken.None);
        }
        catch (Exception failure) when (failure is StoreUnavailableException or JournalBrokenException)
        {
            LogUnreadable(failure);
            return false;
        }
    }

    /// <summary>Gives the partition's log, with the register read as far as it goes; null while that cannot be.</summary>
    private async ValueTask<PartitionLog?> OpenAsync()
    {
        if (_log is { IsClosed: false } open) return open;
        try
        {
            if (await partitions.OpenAsync(ModelJournal.Partition) is not { } log || log.IsOutstanding(ModelJournal.Id)) return null;
            var rows = log.ReadJournal(ModelJournal.Id, 1, ulong.MaxValue, ReadDirection.Ascending, CancellationToken.None);
            _known = await ModelJournal.ReadOnAsync(KnownModels.None, rows, row => RecordFrame.Open(row, keys, ledger.Formats.Newest));
            return _log = log;
        }
        catch (Exception failure) when (failure is StoreUnavailableException or JournalBrokenException)
        {
            LogUnreadable(failure);
            return null;
        }
    }

    [LoggerMessage(LogLevel.Error, "The register of models could not be read")]
    private partial void LogUnreadable(Exception failure);
}
