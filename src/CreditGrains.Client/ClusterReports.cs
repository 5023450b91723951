using System.Collections.Immutable;
using Microsoft.Extensions.Options;

namespace CreditGrains.Client;

/// <summary>Asks over Orleans. No silo that is dead or slow keeps the others from being heard.</summary>
internal sealed class ClusterReports(ILedgerGrains grains, IOptions<LedgerClientOptions> options, TimeProvider clock) : IClusterReports
{
    // Whoever asks how the silos are would rather hear soon that nobody answers.
    private const int MaxAttemptsAtList = 3;

    private readonly RetryPolicy _retry = new(options.Value, clock);

    public async Task<ClusterReport> ReadAsync(CancellationToken cancellation)
    {
        var members = await ListAsync(cancellation);
        return new([.. await Task.WhenAll(members.Select(member => AskAsync(member, cancellation)))]);
    }

    private async Task<ImmutableArray<SiloMember>> ListAsync(CancellationToken cancellation)
    {
        var started = _retry.Start();
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await WithinDeadlineAsync(grains.Cluster.ListSilos, cancellation);
            }
            catch (Exception failure) when (RetryPolicy.MeansSilence(failure))
            {
                cancellation.ThrowIfCancellationRequested();
                if (attempt == MaxAttemptsAtList || _retry.IsLast(attempt, started))
                    throw new LedgerUnreachableException($"No silo told which silos there are in {attempt} attempts. Check that the ledger is being served and ask again.", failure);
                await _retry.BackOffAsync(attempt, cancellation);
            }
        }
    }

    private async Task<SiloAnswer> AskAsync(SiloMember member, CancellationToken cancellation)
    {
        if (member.State == SiloState.Gone) return new(member, null);
        try
        {
            return new(member, await WithinDeadlineAsync(grains.Silo(member.Name).Report, cancellation));
        }
        catch (Exception failure) when (RetryPolicy.MeansSilence(failure))
        {
            cancellation.ThrowIfCancellationRequested();
            return new(member, null);
        }
    }

    private async Task<T> WithinDeadlineAsync<T>(Func<ValueTask<T>> ask, CancellationToken cancellation)
    {
        using var deadline = new CancellationTokenSource(options.Value.ReportDeadline, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellation);
        return await ask().OrGivenUp(either.Token);
    }
}
