using Microsoft.Extensions.Options;

namespace CreditGrains.Client;

/// <summary>Asks the register over Orleans. It is asked seldom: one call at a time, sent again after growing pauses.</summary>
internal sealed class ModelRegisterClient(ILedgerGrains grains, IOptions<LedgerClientOptions> options, TimeProvider clock) : IModelRegister
{
    private readonly RetryPolicy _retry = new(options.Value, clock);

    public Task<ModelOutcome> RegisterAsync(string model, string document, string person, CancellationToken cancellation) =>
        ChangeAsync(() => grains.Models.Register(model, document, person), cancellation);

    public Task<ModelOutcome> ProposeAsync(ModelVersion version, ModelState state, string person, CancellationToken cancellation) =>
        ChangeAsync(() => grains.Models.Propose(version, state, person), cancellation);

    public Task<ModelOutcome> ApproveAsync(ModelVersion version, ModelState state, string person, CancellationToken cancellation) =>
        ChangeAsync(() => grains.Models.Approve(version, state, person), cancellation);

    public Task<ReadAnswer<ModelList>> ListAsync(CancellationToken cancellation) =>
        UntilAsync(grains.Models.List, answer => answer.Status != ReadStatus.Unavailable, cancellation);

    public Task<ReadAnswer<ModelDocument>> ReadAsync(ModelVersion version, CancellationToken cancellation) =>
        UntilAsync(() => grains.Models.Read(version), answer => answer.Status != ReadStatus.Unavailable, cancellation);

    // Nothing was written: it is sent again. Where nobody knows, the caller's list tells.
    private Task<ModelOutcome> ChangeAsync(Func<ValueTask<ModelOutcome>> ask, CancellationToken cancellation) =>
        UntilAsync(ask, outcome => outcome.Status is not (RecordStatus.NotWritten or RecordStatus.Overloaded), cancellation);

    private async Task<T> UntilAsync<T>(Func<ValueTask<T>> ask, Func<T, bool> isFinal, CancellationToken cancellation)
    {
        var started = _retry.Start();
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                var answer = await ask().OrGivenUp(cancellation);
                if (isFinal(answer) || _retry.IsLast(attempt, started)) return answer;
            }
            catch (Exception failure) when (RetryPolicy.MeansSilence(failure))
            {
                cancellation.ThrowIfCancellationRequested();
                if (_retry.IsLast(attempt, started))
                    throw new LedgerUnreachableException($"The register of models did not answer in {attempt} attempts. Check that the ledger is being served and ask again.", failure);
            }

            await _retry.BackOffAsync(attempt, cancellation);
        }
    }
}
