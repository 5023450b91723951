using CsCheck;
using Xunit;

namespace CreditGrains.Ledger.Tests;

/// <summary>What holds of every document of a scorecard.</summary>
/// <remarks>A failing property prints a seed; run it alone with CsCheck_Seed set to it. CREDITGRAINS_THOROUGH=1 tries twenty times as many.</remarks>
public sealed class DocumentProperties
{
    private static readonly bool IsThorough = Environment.GetEnvironmentVariable("CREDITGRAINS_THOROUGH") == "1";

    private static readonly Gen<(ScorecardDocument Document, Random Random)> Cases = Gen.Select(Documents.Any, Gen.Int[0, int.MaxValue], (document, seed) => (document, new Random(seed)));

    private static long Iterations(int ordinary) => IsThorough ? ordinary * 20L : ordinary;

    [Fact]
    public void What_was_written_is_read_and_written_again_as_the_same_text() => Documents.Any.Sample(
        document =>
        {
            var written = ScorecardJson.Write(document);

            var read = Read(written);

            Assert.Equal(written, ScorecardJson.Write(read));
            Assert.Equal(ScorecardJson.DigestOf(document), ScorecardJson.DigestOf(read));
            Assert.Equal(document.Scale, read.Scale);
            Assert.Equal(document.Training, read.Training);
            foreach (var (before, after) in document.Characteristics.Zip(read.Characteristics))
            {
                Assert.Equal((before.Name, before.IsText, before.Reason, Bits(before.Baseline), before.Rationale), (after.Name, after.IsText, after.Reason, Bits(after.Baseline), after.Rationale));
                Assert.Equal(before.Bins.Select(bin => (Bits(bin.Points), bin.Rationale, bin.Woe, bin.Goods, bin.Bads)), after.Bins.Select(bin => (Bits(bin.Points), bin.Rationale, bin.Woe, bin.Goods, bin.Bads)));
            }
        },
        iter: Iterations(300));

    [Fact]
    public void A_scorecard_gives_the_points_of_the_bins_that_its_document_names()
    {
        var (scored, unscored) = (0, 0);
        Cases.Sample(
            sample =>
            {
                var (document, random) = sample;
                var compiled = CompiledScorecard.Of(document.ToScorecard());
                var buffer = compiled.NewBuffer();
                Assert.Equal(document.Characteristics.Select(one => one.Name), compiled.Inputs);
                for (var trial = 0; trial < 20; trial++)
                {
                    var vector = Documents.VectorFor(document, random);
                    var bins = document.Characteristics.Zip(vector, Documents.BinOf).ToArray();
                    if (bins.Contains(null))
                    {
                        Assert.Equal(ScoringOutcome.FieldInvalid, compiled.Score(vector, buffer));
                        Interlocked.Increment(ref unscored);
                        continue;
                    }

                    Assert.Equal(ScoringOutcome.Scored, compiled.Score(vector, buffer));
                    Assert.Equal(bins.Select(bin => Bits(bin!.Points)), buffer.PartialScores.ToArray().Select(Bits));
                    Assert.Equal(Bits(bins.Aggregate(document.InitialPoints, (sum, bin) => sum + bin!.Points)), Bits(buffer.Score));
                    Interlocked.Increment(ref scored);
                }
            },
            iter: Iterations(300));

        Assert.True(scored > 10 * unscored && unscored > 0, $"{scored} and {unscored}");
    }

    [Fact]
    public void In_PMML_a_model_keeps_its_scale_and_scores_the_same_to_the_last_bit() => Cases.Sample(
        sample =>
        {
            var (document, random) = sample;
            var card = Cards.Read(PmmlWriter.Write(document.ToScorecard()));
            var (before, after) = (CompiledScorecard.Of(document.ToScorecard()), CompiledScorecard.Of(card));
            var (first, second) = (before.NewBuffer(), after.NewBuffer());
            Assert.Equal(document.Scale, card.Scale);
            for (var trial = 0; trial < 20; trial++)
            {
                var vector = Documents.VectorFor(document, random);
                Assert.Equal(before.Score(vector, first), after.Score(vector, second));
                Assert.Equal(Bits(first.Score), Bits(second.Score));
                Assert.Equal(first.Reasons.ToArray(), second.Reasons.ToArray());
            }
        },
        iter: Iterations(200));

    [Fact]
    public void A_damaged_text_is_read_or_refused_with_its_line_and_breaks_nothing() => Cases.Sample(
        sample =>
        {
            const string Alphabet = "{}[]\",:\\aN9-.etu\ud83d";
            var (document, random) = sample;
            var text = ScorecardJson.Write(document);
            for (var trial = 0; trial < 20; trial++)
            {
                var damaged = Damaged.Of(text, Alphabet, random);

                var reading = ScorecardJson.Read(damaged);

                Assert.True(reading.Document is null != reading.Fault is null);
                if (reading.Document is { } read) Assert.NotNull(PmmlWriter.Write(read.ToScorecard()));
                else Assert.InRange(reading.Fault!.Line, 1, damaged.Count(character => character == '\n') + 1);
            }
        },
        iter: Iterations(200));

    private static ScorecardDocument Read(string json)
    {
        var reading = ScorecardJson.Read(json);
        Assert.True(reading.Fault is null, reading.Fault?.ToString());
        return reading.Document!;
    }

    private static long Bits(double number) => BitConverter.DoubleToInt64Bits(number);
}
