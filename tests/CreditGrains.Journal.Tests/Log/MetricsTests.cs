using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace CreditGrains.Journal.Tests.Log;

public sealed class MetricsTests
{
    [Fact]
    public async Task What_an_operator_watches_is_counted()
    {
        var counted = new ConcurrentDictionary<string, bool>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Meter.Name == "CreditGrains.Journal") self.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((instrument, _, _, _) => counted[instrument.Name] = true);
        listener.SetMeasurementEventCallback<int>((instrument, _, _, _) => counted[instrument.Name] = true);
        listener.SetMeasurementEventCallback<double>((instrument, _, _, _) => counted[instrument.Name] = true);
        listener.Start();

        var fixture = new LogFixture();
        var old = await fixture.Own("a", options: new() { MaxQueuedRecords = 1 });
        var land = fixture.Store.Hold();
        var first = fixture.Append(old, 1);
        var second = fixture.Append(old, 2);
        Assert.Equal(CommitVerdict.Overloaded, await fixture.Append(old, 3));
        land();
        await Task.WhenAll(first, second);
        await fixture.Own("b", 2);
        await fixture.Append(old, 3);

        foreach (var name in new[] { "commits", "records", "batch_size", "commit_latency", "queue_depth", "overloads", "fence_losses" })
            Assert.True(counted.ContainsKey($"creditgrains.journal.{name}"), name);
    }
}
