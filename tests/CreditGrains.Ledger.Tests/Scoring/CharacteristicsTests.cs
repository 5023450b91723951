using CsCheck;
using Xunit;

namespace CreditGrains.Ledger.Tests;

/// <summary>The numbers that scores are made of, against a brute-force reading of the catalogue.</summary>
public sealed class CharacteristicsTests
{
    private static readonly long Rounds = Environment.GetEnvironmentVariable("CREDITGRAINS_THOROUGH") == "1" ? 8_000 : 400;

    [Fact]
    public void On_every_day_and_at_every_instant_they_are_what_brute_force_gives() => Gen.Select(Histories.OfLength(60), Gen.Int[0, int.MaxValue]).Sample(
        sample =>
        {
            var history = Histories.Accepted(sample.Item1);
            if (history.Count == 0) return;
            Random random = new(sample.Item2);
            var state = PastFold.Fold(history);
            var newest = state.NewestOn ?? Histories.FirstDay;
            foreach (var days in new[] { 0, random.Next(40), random.Next(800) }) AssertSame(history, newest.AddDays(days), long.MaxValue, state);
            for (var trial = 0; trial < 4; trial++)
            {
                var asOf = history[random.Next(history.Count)].Entry.OccurredOn.AddDays(random.Next(40));
                var knownAt = history[random.Next(history.Count)].RecordedAt;
                AssertSame(history, asOf, knownAt, PastFold.Fold(history, asOf, knownAt));
            }
        },
        iter: Rounds);

    // What comes after the day changes nothing: a model that was fitted on the past has seen nothing of what it predicts.
    [Fact]
    public void Nothing_later_than_the_day_enters() => Gen.Select(Histories.OfLength(60), Gen.Int[0, int.MaxValue]).Sample(
        sample =>
        {
            var history = Histories.Accepted(sample.Item1);
            if (history.Count == 0) return;
            var asOf = history[new Random(sample.Item2).Next(history.Count)].Entry.OccurredOn;
            var until = history.Where(stored => stored.Entry.OccurredOn <= asOf).ToList();

            Assert.Equal(VectorOf(PastFold.Fold(until, asOf, long.MaxValue), asOf), VectorOf(PastFold.Fold(history, asOf, long.MaxValue), asOf));
        },
        iter: Rounds);

    [Fact]
    public void The_order_of_arrival_does_not_matter() => Gen.Select(Histories.OfLength(60), Gen.Int[0, int.MaxValue]).Sample(
        sample =>
        {
            var history = Histories.Accepted(sample.Item1);
            var (straight, shuffled) = (PastFold.Fold(history), PastFold.Fold(Histories.Shuffled(history, sample.Item2)));
            var asOf = straight.NewestOn ?? Histories.FirstDay;

            Assert.Equal(VectorOf(straight, asOf), VectorOf(shuffled, asOf));
        },
        iter: Rounds);

    [Fact]
    public void A_snapshot_keeps_all_that_they_are_made_of() => Histories.OfLength(60).Sample(
        attempts =>
        {
            var state = PastFold.Fold(Histories.Accepted(attempts));
            System.Buffers.ArrayBufferWriter<byte> snapshot = new();
            state.WriteSnapshot(snapshot);
            Assert.True(CitizenState.TryRestore(snapshot.WrittenSpan, out var restored));
            var asOf = state.NewestOn ?? Histories.FirstDay;

            Assert.Equal(VectorOf(state, asOf), VectorOf(restored, asOf));
        },
        iter: Rounds);

    [Fact]
    public void The_catalogue_names_each_once_and_finds_it()
    {
        Assert.Equal(Characteristics.Count, Characteristics.All.Select(one => one.Name).Distinct().Count());
        Assert.All(Characteristics.All, one => Assert.Same(one, Characteristics.Find(one.Name)));
        Assert.All(Characteristics.All, one => Assert.Null(BannedInputs.FirstIn(one.Name)));
        Assert.Null(Characteristics.Find("shoe_size"));
    }

    [Theory]
    [InlineData("age_in_years", "age")]
    [InlineData("personal_status_and_sex", "sex")]
    [InlineData("foreign_worker", "foreign")]
    [InlineData("ApplicantGender", "gender")]
    [InlineData("num.social-contacts", "social")]
    [InlineData("shoppingBasketValue", "shopping")]
    [InlineData("AGE", "age")]
    [InlineData("savings_account", null)]
    [InlineData("average_balance", null)]
    [InlineData("mortgage_term", null)]
    [InlineData("", null)]
    public void Banned_words_are_found_as_words(string input, string? banned) => Assert.Equal(banned, BannedInputs.FirstIn(input));

    private static void AssertSame(IReadOnlyList<StoredEntry> history, DateOnly asOf, long knownAt, CitizenState state)
    {
        var values = VectorOf(state, asOf);
        var plain = PlainCharacteristics.Of(history, asOf, knownAt);
        foreach (var one in Characteristics.All)
        {
            var (value, expected) = (values[one.Index], plain[one.Name]);
            var isSame = double.IsNaN(value) ? double.IsNaN(expected) : Math.Abs(value - expected) <= 1e-9 * Math.Max(1, Math.Abs(expected));
            Assert.True(isSame, $"{one.Name} as of {asOf}: {value}, by brute force {expected}");
        }
    }

    private static double[] VectorOf(CitizenState state, DateOnly asOf)
    {
        var values = new double[Characteristics.Count];
        state.Characterise(asOf, values);
        return values;
    }
}
