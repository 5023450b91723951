using CreditGrains.Silo.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Storage;

namespace CreditGrains.Benchmarks;

/// <summary><c>stock</c>: grains that write their state with Orleans' own ADO.NET provider on every call, in a silo process of their own.</summary>
internal sealed class Stock : IAsyncDisposable
{
    internal const string Switch = "--stock";

    private const string Cluster = "stock";
    private const int Grains = 20_000;

    private readonly SiloProcess _silo;
    private readonly IHost _client;
    private readonly IStockGrain[] _grains;
    private readonly string _text;
    private readonly int _inFlight;
    private long _number;

    private Stock(SiloProcess silo, IHost client, int valueBytes, int inFlight)
    {
        _silo = silo;
        _client = client;
        _inFlight = inFlight;
        _grains = [.. Enumerable.Range(0, Grains).Select(number => client.Services.GetRequiredService<IGrainFactory>().GetGrain<IStockGrain>(Guid.NewGuid().ToString("N")))];

        // What is stored is to be as large as a record: the provider's format brings some bytes of its own.
        var empty = client.Services.GetRequiredService<IGrainStorageSerializer>().Serialize(new StockState()).ToMemory().Length;
        _text = new string('x', Math.Max(1, valueBytes - empty));
    }

    internal TimeSpan SiloTime => _silo.ProcessorTime;

    /// <summary>Starts the silo and writes every grain's state once.</summary>
    internal static async Task<Stock> StartAsync(string connectionString, int valueBytes, int inFlight)
    {
        await StockSchema.MakeAsync(connectionString);
        var silo = await SiloProcess.StartAsync(Switch, connectionString);
        var client = await LedgerUnderTest.ConnectAsync(Cluster, [silo.Gateway], builder => builder.Services.AddSingleton<IGrainStorageSerializer, JsonGrainStorageSerializer>().AddSingleton<Orleans.Serialization.OrleansJsonSerializer>());
        var stock = new Stock(silo, client, valueBytes, inFlight);
        await Parallel.ForEachAsync(stock._grains, new ParallelOptions { MaxDegreeOfParallelism = inFlight }, (grain, _) => grain.Write(stock._text));
        return stock;
    }

    /// <summary>Calls for a slice's time.</summary>
    internal Task<Slice> RunAsync() => Measuring.InFlightAsync(_inFlight, RecordScenarios.SliceTime, null, _ =>
        _grains[unchecked((ulong)Interlocked.Increment(ref _number) * 0x9E3779B97F4A7C15 >> 32) % Grains].Write(_text));

    /// <summary>What the silo's process does.</summary>
    internal static async Task ServeAsync(string connectionString)
    {
        var (siloPort, gatewayPort) = (FreePort.Next(), FreePort.Next());
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Logging.AddSimpleConsole().SetMinimumLevel(LogLevel.Error);
        builder.Services.Configure<Microsoft.Extensions.Logging.Console.ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        builder.UseOrleans(silo =>
        {
            silo.UseLocalhostClustering(siloPort, gatewayPort, serviceId: Cluster, clusterId: Cluster);
            silo.AddAdoNetGrainStorageAsDefault(options => (options.Invariant, options.ConnectionString) = ("Npgsql", connectionString));
        });
        using var host = builder.Build();
        using var counter = new SiloCounter(countsMessages: false);
        await host.StartAsync();
        await SiloService.AnswerAsync(gatewayPort, counter);
        await host.StopAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _client.StopAsync();
        _client.Dispose();
        await _silo.DisposeAsync();
    }
}

/// <summary>A grain whose state the stock provider keeps.</summary>
[Alias("cg.bench.IStockGrain")]
public interface IStockGrain : IGrainWithStringKey
{
    /// <summary>Replaces the state and writes it.</summary>
    [Alias("Write")]
    ValueTask Write(string text);
}

[GrainType("stock")]
public sealed class StockGrain([PersistentState("state")] IPersistentState<StockState> state) : Grain, IStockGrain
{
    public async ValueTask Write(string text)
    {
        state.State.Text = text;
        await state.WriteStateAsync();
    }
}

[GenerateSerializer, Alias("cg.bench.StockState")]
public sealed class StockState
{
    [Id(0)]
    public string Text { get; set; } = "";
}
