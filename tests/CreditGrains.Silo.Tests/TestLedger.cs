using CreditGrains.Grains;
using CreditGrains.Grains.Manifest;
using CreditGrains.Journal;
using CreditGrains.Ledger;
using Microsoft.Extensions.DependencyInjection;

namespace CreditGrains.Silo.Tests;

/// <summary>A ledger for tests that start silos of their own.</summary>
internal static class TestLedger
{
    /// <summary>What a silo knows of it.</summary>
    internal static LedgerSettings Settings(int partitions) => new()
    {
        LedgerId = "00000000000000000000000000000001",
        PartitionCount = partitions,
        Formats = new(LedgerFormats.NewestKnown),
        Zone = TimeZoneInfo.Utc,
        PseudonymKeyCheck = "none",
        ReferenceKey = new ReferenceKey([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16]),
    };

    /// <summary>Makes it in a store, unless it is there.</summary>
    internal static async Task CreateAsync(IJournalStore store, int partitions) => await LedgerManifest.CreateIfAbsentAsync(
        store, new(LedgerFormats.NewestKnown, partitions, 1, LedgerId: 1, TimeZoneInfo.Utc.Id, ReadOnlyMemory<byte>.Empty, CreatedAt: 1), CancellationToken.None);

    /// <summary>Adds what a host adds, for a silo that nothing should make stop itself.</summary>
    internal static ISiloBuilder AddUnstoppable(this ISiloBuilder silo)
    {
        silo.Services.AddSingleton<ISiloStopper, Unstoppable>();
        return silo;
    }

    private sealed class Unstoppable : ISiloStopper
    {
        public void Stop(string reason) => throw new InvalidOperationException(reason);
    }
}
