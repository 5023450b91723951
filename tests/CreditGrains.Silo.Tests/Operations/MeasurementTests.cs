using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text;
using CreditGrains.Silo.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Hosting;

namespace CreditGrains.Silo.Tests.Operations;

/// <summary>What is scraped and what is sent: the figures of what was done, and nothing of a person.</summary>
public sealed class MeasurementTests : IDisposable
{
    private static readonly CitizenId Citizen = new(0x0123456789abcdef, 0xfedcba9876543210);
    private static readonly FurnisherId Furnisher = new("furnisher-of-the-test");

    private readonly TempFolder _temp = new();

    public void Dispose() => _temp.Dispose();

    [Fact]
    public async Task What_was_recorded_is_in_the_metrics_and_nothing_of_whom_it_concerns()
    {
        await using var silo = await WatchedSilo.StartAsync(WithToken());
        await RecordAsync(silo);

        var (status, metrics) = await silo.GetAsync("/metrics", WatchedSilo.Token);

        Assert.Equal(HttpStatusCode.OK, status);
        foreach (var (name, least) in new[]
        {
            ("creditgrains_journal_entries_total", 3.0), ("creditgrains_journal_records_total", 1), ("creditgrains_journal_commits_total", 1),
            ("creditgrains_journal_batch_size_count", 1), ("creditgrains_journal_commit_latency_seconds_count", 1), ("creditgrains_refusals_total", 1),
            ("creditgrains_partition_claims_total", 1), ("creditgrains_citizens_active", 1), ("creditgrains_partitions_owned", 1),
            ("orleans_app_requests_latency_milliseconds_count", 1), ("dotnet_process_memory_working_set", 1),
        })
            Assert.True(Sum(metrics, name) >= least, $"{name} is {Sum(metrics, name)}");
        Assert.Contains("refusal=\"ReferenceReused\"", metrics, StringComparison.Ordinal);
        AssertImpersonal(metrics);
    }

    [Fact]
    public async Task Metrics_and_spans_are_sent_to_the_collector_that_is_named_and_hold_nothing_of_a_person()
    {
        await using var collector = await Collector.StartAsync();
        var settings = WatchedSilo.Plain();
        (settings.Operations.Port, settings.Operations.OtlpEndpoint, settings.Operations.TraceShare) = (0, collector.Address, 1);
        await using (var silo = await WatchedSilo.StartAsync(settings))
        {
            await RecordAsync(silo);
            await silo.Client.ReadFileAsync(Citizen, cancellation: TestContext.Current.CancellationToken);
        }

        // A silo that has stopped has sent what it had.
        var sent = string.Join('\n', collector.Received.Select(Encoding.Latin1.GetString));
        Assert.NotEmpty(collector.Metrics);
        foreach (var name in new[] { "record", "record many", "read file", "commit", "creditgrains.verdict", "creditgrains.outcome", "ReferenceReused", "ICitizenGrain", "Microsoft.Orleans.Application" })
            Assert.Contains(name, string.Join('\n', collector.Traces.Select(Encoding.Latin1.GetString)), StringComparison.Ordinal);
        AssertImpersonal(sent);
    }

    [Fact]
    public async Task A_commit_is_a_span_of_its_own_and_not_of_the_call_that_set_it_off()
    {
        var ended = new ConcurrentQueue<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name.StartsWith("CreditGrains", StringComparison.Ordinal),
            Sample = (ref _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = ended.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);
        await using var silo = await WatchedSilo.StartAsync(WatchedSilo.Plain());
        using (var outer = new Activity("outer").Start())
        {
            var grain = silo.Grains.GetGrain<ICitizenGrain>(Citizen.ToString());
            await grain.Record(Payment("a", 100));
        }

        Assert.All(ended.Where(span => span.OperationName == "commit"), span => Assert.Null(span.Parent));
        Assert.Contains(ended, span => span.OperationName == "commit" && Equals(span.GetTagItem("creditgrains.verdict"), "Durable"));
        Assert.Contains(ended, span => span.OperationName == "record" && Equals(span.GetTagItem("creditgrains.outcome"), "Recorded"));
    }

    private SiloSettings WithToken()
    {
        _temp.Write("token", WatchedSilo.Token);
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(_temp["token"], UnixFileMode.UserRead | UnixFileMode.UserWrite);
        var settings = WatchedSilo.Plain();
        settings.Operations.TokenFile = _temp["token"];
        return settings;
    }

    /// <summary>Records three entries of one citizen, and has one refused.</summary>
    private static async Task RecordAsync(WatchedSilo silo)
    {
        await foreach (var outcome in silo.Client.RecordManyAsync(Three(), TestContext.Current.CancellationToken)) Assert.Equal(RecordStatus.Recorded, outcome.Status);
        Assert.Equal(RecordStatus.Refused, (await silo.Client.RecordAsync(Payment("reference-1", 999), TestContext.Current.CancellationToken)).Status);

        static async IAsyncEnumerable<Entry> Three()
        {
            await Task.CompletedTask;
            for (var number = 1; number <= 3; number++) yield return Payment(string.Create(CultureInfo.InvariantCulture, $"reference-{number}"), 987_654_321);
        }
    }

    private static Entry Payment(string reference, long minorUnits) => new()
    {
        Citizen = Citizen,
        Kind = EntryKind.PaymentMade,
        Furnisher = Furnisher,
        Reference = reference,
        OccurredOn = new(2026, 1, 1),
        Money = new(minorUnits, Currency.Of("EUR")),
    };

    private static void AssertImpersonal(string text)
    {
        foreach (var personal in new[] { Citizen.ToString(), Furnisher.Value, "reference-1", "987654321" })
            Assert.DoesNotContain(personal, text, StringComparison.OrdinalIgnoreCase);
    }

    private static double Sum(string metrics, string name) => metrics.Split('\n')
        .Where(line => line.StartsWith(name + "{", StringComparison.Ordinal) || line.StartsWith(name + " ", StringComparison.Ordinal) || line.StartsWith(name + "_bytes{", StringComparison.Ordinal))
        .Sum(line => double.Parse(line[(line.LastIndexOf('}') + 1)..].Trim().Split(' ')[0], CultureInfo.InvariantCulture));

    /// <summary>Takes what is sent by OTLP over gRPC, as bytes, and says that it has it.</summary>
    private sealed class Collector : IAsyncDisposable
    {
        private readonly WebApplication _web;

        private Collector(WebApplication web) => _web = web;

        internal ConcurrentQueue<byte[]> Metrics { get; } = new();

        internal ConcurrentQueue<byte[]> Traces { get; } = new();

        internal IEnumerable<byte[]> Received => Metrics.Concat(Traces);

        internal string Address { get; private init; } = "";

        internal static async Task<Collector> StartAsync()
        {
            var port = FreePort.Next();
            var builder = WebApplication.CreateEmptyBuilder(new());
            builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port, listen => listen.Protocols = HttpProtocols.Http2));
            var collector = new Collector(builder.Build()) { Address = $"http://127.0.0.1:{port}" };
            collector._web.Run(collector.TakeAsync);
            await collector._web.StartAsync(TestContext.Current.CancellationToken);
            return collector;
        }

        public ValueTask DisposeAsync() => _web.DisposeAsync();

        private async Task TakeAsync(HttpContext context)
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body);
            (context.Request.Path.Value!.Contains("metrics", StringComparison.OrdinalIgnoreCase) ? Metrics : Traces).Enqueue(body.ToArray());
            context.Response.ContentType = "application/grpc";
            await context.Response.Body.WriteAsync(new byte[5]); // an empty message, not compressed
            context.Response.AppendTrailer("grpc-status", "0");
        }
    }
}
