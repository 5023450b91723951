using Azure.Core.Pipeline;
using Azure.Data.Tables;

namespace CreditGrains.Benchmarks;

/// <summary><c>stock-shape</c>: what a grain storage provider on Azure Tables does, one upsert of one row a write, without any grain around it.</summary>
internal sealed class StockShape : IAsyncDisposable
{
    private const int Rows = 20_000;

    // As many as the ledger's store may open, so that callers of either wait for the service and not for a connection.
    private const int MaxConnections = 256;

    private readonly HttpClientTransport _transport;
    private readonly TableClient _table;
    private readonly byte[] _value;
    private readonly int _inFlight;
    private long _number;

    private StockShape(HttpClientTransport transport, TableClient table, int valueBytes, int inFlight)
    {
        _transport = transport;
        _table = table;
        _value = new byte[valueBytes];
        Random.Shared.NextBytes(_value);
        _inFlight = inFlight;
    }

    internal static async Task<StockShape> StartAsync(string connectionString, int valueBytes, int inFlight)
    {
        var transport = new HttpClientTransport(new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = MaxConnections }) { Timeout = Timeout.InfiniteTimeSpan });
        var table = new TableClient(connectionString, $"stock{Guid.NewGuid():N}", new TableClientOptions { Transport = transport, Retry = { NetworkTimeout = TimeSpan.FromMinutes(1) } });
        await table.CreateAsync();
        return new(transport, table, valueBytes, inFlight);
    }

    /// <summary>Writes for a slice's time.</summary>
    internal Task<Slice> RunAsync() => Measuring.InFlightAsync(_inFlight, RecordScenarios.SliceTime, null, async _ =>
    {
        // Keys as long as the ledger's, spread over as many partitions.
        var row = unchecked((ulong)Interlocked.Increment(ref _number) * 0x9E3779B97F4A7C15) % Rows;
        var entity = new TableEntity((row % 256).ToString("x4", null), row.ToString("x50", null)) { ["V0"] = _value };
        await _table.UpsertEntityAsync(entity, TableUpdateMode.Replace);
    });

    public ValueTask DisposeAsync()
    {
        _transport.Dispose();
        return default;
    }
}
