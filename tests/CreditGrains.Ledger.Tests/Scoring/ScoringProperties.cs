using CsCheck;
using Xunit;

namespace CreditGrains.Ledger.Tests;

/// <summary>What holds of every card and every vector.</summary>
/// <remarks>A failing property prints a seed; run it alone with CsCheck_Seed set to it. CREDITGRAINS_THOROUGH=1 tries twenty times as many.</remarks>
public sealed class ScoringProperties
{
    private const int MaxReasons = 3;

    private static readonly bool IsThorough = Environment.GetEnvironmentVariable("CREDITGRAINS_THOROUGH") == "1";

    private static readonly Gen<(Scorecard Card, FieldValue[][] Vectors)> Cases = Gen.Select(Cards.Any, Cards.Vector.Array[12]);

    private static long Iterations(int ordinary) => IsThorough ? ordinary * 20L : ordinary;

    [Fact]
    public void A_compiled_card_scores_as_the_standard_is_written()
    {
        var met = new int[6];
        Cases.Sample(sample =>
        {
            var compiled = CompiledScorecard.Of(sample.Card);
            var buffer = compiled.NewBuffer(MaxReasons);
            foreach (var vector in sample.Vectors)
            {
                var plain = PlainScore.Of(sample.Card, vector, MaxReasons);

                Assert.Equal(plain.Outcome, compiled.Score(vector, buffer));
                Interlocked.Increment(ref met[(int)plain.Outcome]);
                if (plain.Outcome != ScoringOutcome.Scored) continue;
                Assert.Equal(Bits(plain.Score), Bits(buffer.Score));
                Assert.Equal(plain.Partials.Select(Bits), buffer.PartialScores.ToArray().Select(Bits));
                Assert.Equal(plain.Reasons, buffer.Reasons.ToArray().Select(reason => (reason.Code, reason.Points)));
            }
        },
        iter: Iterations(600));

        // A property that only ever met vectors without a score would show nothing.
        Assert.True(met[(int)ScoringOutcome.Scored] > met.Sum() / 10, string.Join(' ', met));
    }

    [Fact]
    public void A_card_that_was_written_and_read_back_scores_the_same_to_the_last_bit() => Cases.Sample(
        sample =>
        {
            var written = PmmlWriter.Write(sample.Card);
            var card = Cards.Read(written);
            var (before, after) = (CompiledScorecard.Of(sample.Card), CompiledScorecard.Of(card));
            var (first, second) = (before.NewBuffer(MaxReasons), after.NewBuffer(MaxReasons));
            Assert.Equal(before.Inputs, after.Inputs);
            foreach (var vector in sample.Vectors)
            {
                Assert.Equal(before.Score(vector, first), after.Score(vector, second));
                Assert.Equal((Bits(first.Score), first.FaultIndex), (Bits(second.Score), second.FaultIndex));
                Assert.Equal(first.Reasons.ToArray(), second.Reasons.ToArray());
            }

            Assert.Equal(written, PmmlWriter.Write(card));
        },
        iter: Iterations(300));

    [Fact]
    public void Points_lost_and_gained_add_up_to_baseline_minus_score() => Cases.Sample(
        sample =>
        {
            if (!sample.Card.UseReasonCodes) return;
            var card = sample.Card with { ReasonCodeAlgorithm = ReasonCodeAlgorithm.PointsBelow };
            var opposite = card with { ReasonCodeAlgorithm = ReasonCodeAlgorithm.PointsAbove };
            var baseline = card.InitialScore + card.Characteristics.Sum(characteristic => characteristic.BaselineScore ?? card.BaselineScore!.Value);
            foreach (var vector in sample.Vectors)
            {
                var below = Cards.Score(card, vector);
                if (below.Outcome != ScoringOutcome.Scored) continue;
                var lost = below.Reasons.ToArray().Sum(reason => reason.Points);
                var gained = Cards.Score(opposite, vector).Reasons.ToArray().Sum(reason => reason.Points);

                // Points computed from very great numbers leave nothing of small ones.
                var scale = Math.Max(1, below.PartialScores.ToArray().Max(Math.Abs));
                Assert.Equal(0, (baseline - below.Score - (lost - gained)) / scale, 1e-9);
            }
        },
        iter: Iterations(300));

    [Fact]
    public void A_damaged_document_is_read_or_refused_and_breaks_nothing() => Gen.Select(Cards.Any, Gen.Int[0, int.MaxValue]).Sample(
        (card, seed) =>
        {
            const string Alphabet = "<>/\"'&;= \\aN9-.";
            Random random = new(seed);
            var document = PmmlWriter.Write(card);
            for (var trial = 0; trial < 12; trial++)
            {
                var damaged = Damaged.Of(document, Alphabet, random);

                var reading = PmmlReader.Read(damaged);

                Assert.True(reading.Card is null != reading.Fault is null);
                if (reading.Card is { } read) Assert.NotNull(PmmlWriter.Write(CompiledScorecard.Of(read).Card));
                else Assert.True(reading.Fault is { Line: >= 1, Element.Length: > 0, Message.Length: > 0 });
            }
        },
        iter: Iterations(200));

    private static long Bits(double number) => BitConverter.DoubleToInt64Bits(number);
}
