namespace CreditGrains.Benchmarks;

/// <summary>What others would do with the same server, measured on it in turn with the ledger.</summary>
internal sealed class ServerBaselines : IAsyncDisposable
{
    private readonly List<IAsyncDisposable> _held = [];

    /// <summary>Gets them.</summary>
    internal List<Baseline> All { get; } = [];

    /// <summary>Makes ready what a store is compared with.</summary>
    /// <param name="store">The store. It has a server.</param>
    /// <param name="valueBytes">How large a value to write.</param>
    /// <param name="inFlight">How many writes to keep on their way, where the baseline leaves the choice.</param>
    internal static async Task<ServerBaselines> StartAsync(StoreUnderTest store, int valueBytes, int inFlight)
    {
        var baselines = new ServerBaselines();
        if (store.Name == StoreUnderTest.Azurite)
        {
            var shape = await StockShape.StartAsync(store.SpareDatabase(), valueBytes, inFlight);
            baselines._held.Add(shape);
            baselines.All.Add(new("stock-shape", shape.RunAsync));
            return baselines;
        }

        try
        {
            var handWritten = await HandWritten.StartAsync(store.SpareDatabase());
            baselines.All.Add(new("hand-written", handWritten.RunAsync));
        }
        catch (MissingException missing)
        {
            baselines.All.Add(new("hand-written", null, missing.Message));
        }

        var stock = await Stock.StartAsync(store.SpareDatabase(), valueBytes, inFlight);
        baselines._held.Add(stock);
        baselines.All.Add(new("stock", stock.RunAsync, SiloTime: () => stock.SiloTime));
        return baselines;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var held in _held) await held.DisposeAsync();
    }
}
