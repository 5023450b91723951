namespace CreditGrains.Cluster.Tests;

/// <summary>Three silos that nothing happens to, for all tests of one class.</summary>
public sealed class SharedCluster : IAsyncLifetime
{
    internal LedgerCluster Ledger { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Ledger = await LedgerCluster.StartAsync(options: new());

    public ValueTask DisposeAsync() => Ledger.DisposeAsync();
}
