using System.Net;
using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using CreditGrains.Client;
using CreditGrains.Grains;
using CreditGrains.Journal;
using CreditGrains.Journal.InMemory;
using CreditGrains.Silo.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace CreditGrains.Silo.Tests.Operations;

/// <summary>A silo with an endpoint for those who run it, over real sockets, whose store can fall silent and whose ledger's time a test moves.</summary>
internal sealed class WatchedSilo : IAsyncDisposable
{
    internal const string Token = "a token of more than sixteen characters";

    private const int Partitions = 8;

    private readonly InMemoryStore _kept = new();
    private readonly HttpClient _http = new();
    private bool _isStarted;

    private WatchedSilo(SiloSettings settings, Action<ISiloBuilder>? also)
    {
        Settings = settings;
        Store = new SilentStore(_kept);
        Host = SiloHost.Listening(settings, TestLedger.Settings(Partitions), Store, new PlainKeys(RandomSource.OperatingSystem), silo =>
        {
            silo.Services.AddKeyedSingleton<TimeProvider>(LedgerClock.ServiceKey, Clock);
            silo.Services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Critical));
            also?.Invoke(silo);
        });
    }

    internal SiloSettings Settings { get; }

    internal SilentStore Store { get; }

    internal FakeTimeProvider Clock { get; } = new(new DateTimeOffset(2026, 11, 24, 12, 0, 0, TimeSpan.Zero));

    internal IHost Host { get; }

    internal IGrainFactory Grains => Host.Services.GetRequiredService<IGrainFactory>();

    internal ILedgerClient Client => Host.Services.GetRequiredService<ILedgerClient>();

    /// <summary>Gives settings with free ports and no TLS.</summary>
    internal static SiloSettings Plain() => new()
    {
        SiloPort = FreePort.Next(),
        GatewayPort = FreePort.Next(),
        Tls = { DevelopmentPlainText = true },
        Operations = { Port = FreePort.Next() },
    };

    internal static WatchedSilo Of(SiloSettings settings, Action<ISiloBuilder>? also = null) => new(settings, also);

    internal static async Task<WatchedSilo> StartAsync(SiloSettings settings, Action<ISiloBuilder>? also = null)
    {
        var silo = new WatchedSilo(settings, also);
        await silo.StartAsync();
        return silo;
    }

    internal async Task StartAsync()
    {
        await TestLedger.CreateAsync(_kept, Partitions);
        await Host.StartAsync(TestContext.Current.CancellationToken);
        _isStarted = true;
    }

    /// <summary>Asks the endpoint.</summary>
    /// <param name="path">What for.</param>
    /// <param name="token">What is shown; null shows nothing.</param>
    internal async Task<(HttpStatusCode Status, string Text)> GetAsync(string path, string? token = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"http://127.0.0.1:{Settings.Operations.Port}{path}");
        if (token is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var response = await _http.SendAsync(request, TestContext.Current.CancellationToken);
        return (response.StatusCode, (await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).Trim());
    }

    /// <summary>Moves the ledger's time on until something has happened.</summary>
    internal async Task<T> PassTimeUntil<T>(Task<T> happened)
    {
        while (!happened.IsCompleted)
        {
            Clock.Advance(TimeSpan.FromMilliseconds(100));
            await Task.WhenAny(happened, Task.Delay(1, TestContext.Current.CancellationToken));
        }

        return await happened;
    }

    public async ValueTask DisposeAsync()
    {
        Store.Speak();
        _http.Dispose();
        if (_isStarted) await Host.StopAsync();
        await ((IAsyncDisposable)Host).DisposeAsync();
        await _kept.DisposeAsync();
    }
}

/// <summary>A store that answers no read from the moment it is told so.</summary>
internal sealed class SilentStore(IJournalStore kept) : IJournalStore
{
    private readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile TaskCompletionSource? _silence;
    private int _askedInSilence;

    /// <summary>Completes with the first read that gets no answer.</summary>
    internal Task Asked => _asked.Task;

    internal int AskedInSilence => _askedInSilence;

    public StoreLimits Limits => kept.Limits;

    internal void FallSilent() => _silence = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal void Speak()
    {
        var silence = _silence;
        _silence = null;
        silence?.TrySetResult();
    }

    public ValueTask<InsertOutcome> InsertAsync(IReadOnlyList<Row> rows, CancellationToken cancellation) => kept.InsertAsync(rows, cancellation);

    public async IAsyncEnumerable<Row> ReadAsync(RowKey from, RowKey to, ReadDirection direction, [EnumeratorCancellation] CancellationToken cancellation)
    {
        if (_silence is { } silence)
        {
            Interlocked.Increment(ref _askedInSilence);
            _asked.TrySetResult();
            await silence.Task.WaitAsync(cancellation);
        }

        await foreach (var row in kept.ReadAsync(from, to, direction, cancellation)) yield return row;
    }

    public ValueTask<bool> RedactAsync(RowKey key, ReadOnlyMemory<byte> expected, ReadOnlyMemory<byte> redacted, CancellationToken cancellation) =>
        kept.RedactAsync(key, expected, redacted, cancellation);

    public ValueTask DisposeAsync() => default;
}
