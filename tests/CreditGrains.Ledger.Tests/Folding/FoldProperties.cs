using System.Buffers;
using CsCheck;
using Xunit;

namespace CreditGrains.Ledger.Tests;

/// <summary>The file is a function of the set of accepted entries: whatever the way to it, it is what brute force gives.</summary>
/// <remarks>A failing property prints a seed; run it alone with CsCheck_Seed set to it. CREDITGRAINS_THOROUGH=1 tries twenty times as many.</remarks>
public sealed class FoldProperties
{
    private static readonly bool IsThorough = Environment.GetEnvironmentVariable("CREDITGRAINS_THOROUGH") == "1";

    private static readonly Gen<(Attempt[] Attempts, int Seed)> Cases = Gen.Select(Histories.OfLength(60), Gen.Int[0, int.MaxValue]);

    private static long Iterations(int ordinary) => IsThorough ? ordinary * 20L : ordinary;

    [Fact]
    public void At_every_known_at_instant_the_state_gives_what_brute_force_gives() => Cases.Sample(
        sample =>
        {
            var history = Histories.Accepted(sample.Attempts);
            CitizenState state = new();
            for (var index = 0; index < history.Count; index++)
            {
                state.Apply(history[index]);

                // A known-at instant lies behind whole records, and two entries make one.
                if (index + 1 < history.Count && history[index + 1].RecordedAt == history[index].RecordedAt) continue;
                var day = state.NewestOn ?? Histories.FirstDay;
                AssertSame(history, history[index].RecordedAt, day, state);
            }
        },
        iter: Iterations(150));

    [Fact]
    public void On_every_later_day_the_state_gives_what_brute_force_gives() => Cases.Sample(
        sample =>
        {
            var history = Histories.Accepted(sample.Attempts);
            var state = PastFold.Fold(history);
            var newest = state.NewestOn ?? Histories.FirstDay;
            foreach (var day in LaterDays(newest, sample.Seed)) AssertSame(history, long.MaxValue, day, state);
        },
        iter: Iterations(150));

    [Fact]
    public void On_every_past_day_and_at_every_known_at_instant_the_past_fold_gives_what_brute_force_gives() => Cases.Sample(
        sample =>
        {
            var history = Histories.Accepted(sample.Attempts);
            if (history.Count == 0) return;
            Random random = new(sample.Seed);
            var days = history.Select(stored => stored.Entry.OccurredOn).SelectMany(day => new[] { day.AddDays(-1), day, day.AddDays(1), day.AddMonths(1) }).ToArray();
            for (var trial = 0; trial < 30; trial++)
            {
                var asOf = days[random.Next(days.Length)];
                var knownAt = history[random.Next(history.Count)].RecordedAt;
                AssertSame(history, knownAt, asOf, PastFold.Fold(history, asOf, knownAt));
            }
        },
        iter: Iterations(150));

    [Fact]
    public void The_order_of_arrival_does_not_matter() => Cases.Sample(
        sample =>
        {
            var history = Histories.Accepted(sample.Attempts);
            var shuffled = PastFold.Fold(Histories.Shuffled(history, sample.Seed));
            var straight = PastFold.Fold(history);
            Assert.True(straight.SameAs(shuffled));
            AssertSame(history, long.MaxValue, straight.NewestOn ?? Histories.FirstDay, shuffled);
        },
        iter: Iterations(400));

    [Fact]
    public void What_was_folded_entry_by_entry_is_the_same_as_what_stands_folded_by_brute_force() => Cases.Sample(
        sample =>
        {
            var history = Histories.Accepted(sample.Attempts);
            for (var length = 0; length <= history.Count; length++)
                Assert.True(PastFold.Fold(history.Take(length)).SameAs(PastFold.Fold(history.Take(length), DateOnly.MaxValue, long.MaxValue)));
        },
        iter: Iterations(200));

    [Fact]
    public void A_state_that_lacks_an_entry_is_not_the_same() => Cases.Sample(
        sample =>
        {
            var history = Histories.Accepted(sample.Attempts).Where(stored => (byte)stored.Entry.Kind < 100).ToList();
            if (history.Count == 0) return;
            Assert.False(PastFold.Fold(history).SameAs(PastFold.Fold(history.SkipLast(1))));
        },
        iter: Iterations(200));

    [Fact]
    public void A_state_restored_from_a_snapshot_goes_on_as_if_nothing_had_been() => Cases.Sample(
        sample =>
        {
            var history = Histories.Accepted(sample.Attempts);
            Random random = new(sample.Seed);
            CitizenState state = new();
            foreach (var stored in history)
            {
                if (random.Next(4) == 0)
                {
                    ArrayBufferWriter<byte> snapshot = new();
                    state.WriteSnapshot(snapshot);
                    Assert.True(CitizenState.TryRestore(snapshot.WrittenSpan, out var restored));
                    Assert.True(restored.SameAs(state));
                    state = restored;
                }

                state.Apply(stored);
            }

            AssertSame(history, long.MaxValue, state.NewestOn ?? Histories.FirstDay, state);
        },
        iter: Iterations(300));

    [Fact]
    public void Linked_ids_are_read_as_one_set() => Gen.Select(Cases, Histories.OfLength(40), Histories.OfLength(20)).Sample(
        (sample, second, third) =>
        {
            var own = Histories.Accepted(sample.Attempts, 0);
            var others = new[] { Histories.Accepted(second, 1), Histories.Accepted(third, 2) };
            var merged = PastFold.Fold(own).MergedWith(others.Select(PastFold.Fold));
            List<StoredEntry> union = [.. own, .. others[0], .. others[1]];
            foreach (var day in LaterDays(merged.NewestOn ?? Histories.FirstDay, sample.Seed).Take(4)) AssertSame(union, long.MaxValue, day, merged);

            // In the past, too: each id's own fold of that moment, merged.
            if (union.Count == 0) return;
            Random random = new(sample.Seed);
            var asOf = union[random.Next(union.Count)].Entry.OccurredOn;
            var knownAt = union[random.Next(union.Count)].RecordedAt;
            var past = PastFold.Fold(own, asOf, knownAt).MergedWith(others.Select(other => PastFold.Fold(other, asOf, knownAt)));
            AssertSame(union, knownAt, asOf, past);
        },
        iter: Iterations(200));

    [Fact]
    public void The_furnishers_totals_are_those_of_what_stands() => Cases.Sample(
        sample =>
        {
            var history = Histories.Accepted(sample.Attempts);
            var state = PastFold.Fold(history);
            var file = PlainFold.File(Histories.Citizen(0), history, state.NewestOn ?? Histories.FirstDay, long.MaxValue);
            var totals = state.Totals();
            Assert.Equal(
                file.Totals.Select(kind => (kind.Kind, kind.Currency, kind[Window.Lifetime])),
                totals.GroupBy(total => (total.Currency, total.Kind)).OrderBy(group => group.Key.Currency).ThenBy(group => group.Key.Kind)
                    .Select(group => (group.Key.Kind, group.Key.Currency, new Total(group.Sum(total => total.Total.Count), group.Aggregate(Int128.Zero, (sum, total) => sum + total.Total.MinorUnits)))));
            Assert.Equal(totals.OrderBy(total => total.Furnisher.Value, StringComparer.Ordinal).ThenBy(total => total.Kind).ThenBy(total => total.Currency), totals);
        },
        iter: Iterations(200));

    [Fact]
    public void The_random_histories_hold_what_they_should()
    {
        // A property says nothing about what its cases never contain.
        HashSet<string> seen = [];
        Cases.Sample(
            sample =>
            {
                var history = Histories.Accepted(sample.Attempts);
                lock (seen)
                {
                    foreach (var stored in history)
                    {
                        seen.Add($"{stored.Entry.Kind}");
                        if (stored.Effect is { } effect) seen.Add($"{stored.Entry.Kind} of {effect.Kind}");
                        if (history.Count(other => other.Entry.Kind == EntryKind.EntryCorrected && other.Entry.Corrects == stored.Entry.Corrects) > 2) seen.Add("chain of corrections");
                    }

                    if (history.Count == 0) return;
                    var state = PastFold.Fold(history);
                    var file = state.View(Histories.Citizen(0), history.Max(stored => stored.Entry.OccurredOn), default);
                    seen.Add($"coverage {file.Coverage}");
                    Assert.Equal(file.Coverage, state.CoverageOf(file.AsOf));
                    if (file.Tradelines.Any(tradeline => tradeline.DaysPastDue > 90)) seen.Add("late");
                    if (file.Tradelines.Any(tradeline => tradeline is { Terms: null, Grid.Length: > 12 })) seen.Add("terms unknown");
                    if (file.Tradelines.Any(tradeline => tradeline.Grid.Length == 60)) seen.Add("full grid");
                    if (file.Positions.Any(position => position.Units < 0)) seen.Add("oversold");
                    if (file.Positions.Any(position => position.Units > 0 && position.CostMinorUnits > 0) && history.Any(stored => stored.Entry.Kind == EntryKind.InvestmentSold)) seen.Add("average cost");
                    if (file.Aliases.Length > 1) seen.Add("aliases");
                    if (file.Totals.Select(kind => kind.Currency).Distinct().Count() > 2) seen.Add("currencies");
                }
            },
            iter: 2_000);

        var kinds = Enum.GetValues<EntryKind>().Where(kind => kind is not (EntryKind.InquiryRefused or EntryKind.ScoreComputed)).ToList();
        var correctable = kinds.Where(kind => (byte)kind is < 50).ToList();
        string[] expected =
        [
            .. kinds.Select(kind => $"{kind}"), .. correctable.Select(kind => $"EntryReversed of {kind}"), .. correctable.Select(kind => $"EntryCorrected of {kind}"),
            "chain of corrections", "coverage NoFile", "coverage Thin", "coverage Scorable", "late", "terms unknown", "full grid", "oversold", "average cost", "aliases", "currencies",
        ];
        Assert.Empty(expected.Except(seen));
    }

    private static void AssertSame(IReadOnlyList<StoredEntry> history, long knownAt, DateOnly asOf, CitizenState state)
    {
        Assert.True(state.CanAnswer(asOf));
        var expected = PlainFold.File(Histories.Citizen(0), history, asOf, knownAt);
        var actual = state.View(Histories.Citizen(0), asOf, default);
        Assert.Equal(FileText.Of(expected), FileText.Of(actual));
    }

    private static IEnumerable<DateOnly> LaterDays(DateOnly newest, int seed)
    {
        Random random = new(seed);
        yield return newest;
        yield return newest.AddDays(random.Next(100));
        yield return newest.AddMonths(random.Next(14));
        yield return newest.AddMonths(random.Next(70));
        foreach (var days in new[] { 1, 6, 7, 29, 30, 89, 90, 91, 92, 93 }) yield return newest.AddDays(days);
        yield return new DateOnly(newest.Year, newest.Month, 1).AddMonths(1).AddDays(-1);
        yield return new DateOnly(newest.Year, newest.Month, 1).AddMonths(1);
    }
}
