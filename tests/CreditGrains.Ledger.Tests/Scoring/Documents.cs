using System.Collections.Immutable;
using CsCheck;

namespace CreditGrains.Ledger.Tests;

/// <summary>Documents of scorecards, and vectors for them.</summary>
internal static class Documents
{
    /// <summary>A small document with every field in it, but for a signature.</summary>
    internal static readonly ScorecardDocument Full = new()
    {
        Model = "small-1",
        Title = "Small",
        Notes = "Two lines,\none \"quoted\".",
        InitialPoints = 0.5,
        Scale = ScoreScale.From300To850,
        Characteristics =
        [
            new("worst_delinquency_12", false, new("R17", "This cost points."), 40,
            [
                new(new DocumentRange.Interval(null, 1), 40) { Rationale = "Nobody late.", Woe = 0.1, Goods = 10, Bads = 1 },
                new(new DocumentRange.Interval(1, 30.5), -2.5),
                new(new DocumentRange.Interval(30.5, null), -1e-7),
                new(new DocumentRange.SpecialNumber(-1), 3),
                new(new DocumentRange.Missing(), 20),
            ]) { Rationale = "Lateness tells most.", InformationValue = 0.3, Coefficient = -0.9 },
            new("purpose", true, new("PURPOSE", "Wofür es war."), 5,
            [
                new(new DocumentRange.Texts(["car", "back\\slash"]), 5),
                new(new DocumentRange.SpecialText("none"), 1),
                new(new DocumentRange.Missing(), 0),
                new(new DocumentRange.Unseen(), 0),
            ]),
        ],
        Training = new(100, 9, 0.75, 0.5, 0.4, -31.25, -2),
    };

    /// <summary>Documents of every kind that means something.</summary>
    internal static readonly Gen<ScorecardDocument> Any = Gen.Int[0, int.MaxValue].Select(seed => new Maker(new(seed)).Document());

    // Few different values, so that ends and special values are met exactly; among them what is hard to write and neighbours with nothing between.
    private static readonly double[] Numbers =
        [0, -0.0, 1, -1, 2.5, 7, 0.1, 0.30000000000000004, Math.BitIncrement(7), Math.BitDecrement(7), 1e-300, double.MaxValue, double.MinValue, double.Epsilon, 1e15, -999];

    private static readonly string[] Texts =
        ["", " ", "a", "A", "b c", "<&>\"'", "ünïcödé \ud83d\ude00", "tab\tline\nreturn\r", "\"quoted\"", "\\", "a\\b", "5", "\u2028\u007f", "no bin's"];

    /// <summary>Makes a vector for a document: each value is often one that a bin names, now and then missing, seldom of the wrong kind.</summary>
    internal static FieldValue[] VectorFor(ScorecardDocument document, Random random) =>
        [.. document.Characteristics.Select(one => random.Next(12) switch
        {
            0 or 1 => FieldValue.Missing,
            2 when random.Next(10) == 0 => one.IsText ? FieldValue.Of(1) : FieldValue.Of("1"),
            3 or 4 when !one.IsText => FieldValue.Of((random.NextDouble() * 40) - 20),
            _ => one.IsText ? FieldValue.Of(Texts[random.Next(Texts.Length)]) : FieldValue.Of(Numbers[random.Next(Numbers.Length)]),
        })];

    /// <summary>Gives the bin that takes a value, by the words of the document alone; null if none can.</summary>
    internal static DocumentBin? BinOf(DocumentCharacteristic characteristic, FieldValue value)
    {
        if (!value.IsMissing && characteristic.IsText != (value.Kind == FieldValueKind.Text)) return null;
        return characteristic.Bins.Where(bin => bin.Range switch
        {
            DocumentRange.Missing => value.IsMissing,
            DocumentRange.SpecialNumber special => value.Number == special.Value,
            DocumentRange.SpecialText special => value.Text == special.Value,
            DocumentRange.Texts texts => value.Text is { } text && texts.Values.Contains(text),
            DocumentRange.Interval interval => (value.Number >= (interval.From ?? double.NegativeInfinity)) && (value.Number < (interval.To ?? double.PositiveInfinity)) && !IsSpecial(value.Number),
            _ => value.Text is { } text && !characteristic.Bins.Any(other => other.Range is DocumentRange.Texts named ? named.Values.Contains(text) : other.Range is DocumentRange.SpecialText special && special.Value == text),
        }).Single();

        bool IsSpecial(double number) => characteristic.Bins.Any(bin => bin.Range is DocumentRange.SpecialNumber special && special.Value == number);
    }

    private sealed class Maker(Random random)
    {
        internal ScorecardDocument Document() => new()
        {
            Model = "any-" + random.Next(100),
            Title = Maybe(Texts[random.Next(Texts.Length)]) ?? "",
            Notes = Maybe("Notes.\n\tMore.") ?? "",
            InitialPoints = Points(),
            Scale = random.Next(2) == 0 ? ScoreScale.From350To950 : new(random.NextDouble() * 1000, 0.1 + random.NextDouble(), 1e-3 + random.NextDouble(), -random.Next(1000), 1 + random.Next(1000)),
            Characteristics = [.. Enumerable.Range(0, 1 + random.Next(5)).Select(index => random.Next(2) == 0 ? Numeric(index) : Textual(index))],
            Training = random.Next(2) == 0 ? null : new(random.Next(1000), 0, random.NextDouble(), -random.NextDouble(), random.NextDouble(), -random.NextDouble() * 1e6, Points()),
        };

        private DocumentCharacteristic Numeric(int index)
        {
            double[] cuts = [.. Drawn(Numbers, 6).Select(number => number + 0.0).Distinct().Order()];
            List<DocumentRange> ranges = [.. Enumerable.Range(0, cuts.Length + 1).Select(place => new DocumentRange.Interval(place == 0 ? null : cuts[place - 1], place == cuts.Length ? null : cuts[place]))];
            foreach (var special in Drawn(Numbers, 3).Distinct()) ranges.Insert(random.Next(ranges.Count + 1), new DocumentRange.SpecialNumber(special));
            return Characteristic(index, false, ranges);
        }

        private DocumentCharacteristic Textual(int index)
        {
            var texts = Drawn(Texts[..^1], 12);
            List<DocumentRange> ranges = [];
            for (var from = 0; from < texts.Length;)
            {
                var count = Math.Min(1 + random.Next(4), texts.Length - from);
                ranges.Add(count == 1 && random.Next(2) == 0 ? new DocumentRange.SpecialText(texts[from]) : new DocumentRange.Texts([.. texts.AsSpan(from, count)]));
                from += count;
            }

            ranges.Insert(random.Next(ranges.Count + 1), new DocumentRange.Unseen());
            return Characteristic(index, true, ranges);
        }

        private DocumentCharacteristic Characteristic(int index, bool isText, List<DocumentRange> ranges)
        {
            ranges.Insert(random.Next(ranges.Count + 1), new DocumentRange.Missing());
            ImmutableArray<DocumentBin> bins =
            [
                .. ranges.Select(range => new DocumentBin(range, Points())
                {
                    Rationale = Maybe("Because <it> \"is\"."), Woe = random.Next(2) == 0 ? null : Points(), Goods = random.Next(2) == 0 ? null : random.Next(), Bads = random.Next(2) == 0 ? null : long.MaxValue,
                }),
            ];
            return new($"f{index} <&>", isText, new($"R_{index}", "Words."), random.Next(3) == 0 ? Points() : bins.Max(bin => bin.Points), bins)
            {
                Rationale = Maybe("Why."), InformationValue = random.Next(2) == 0 ? null : random.NextDouble(), Coefficient = random.Next(2) == 0 ? null : -random.NextDouble(),
            };
        }

        private double Points() => random.Next(3) switch { 0 => random.Next(-50, 50), 1 => (random.NextDouble() * 200) - 100, _ => -0.0 };

        private string? Maybe(string text) => random.Next(2) == 0 ? text : null;

        private T[] Drawn<T>(T[] values, int most)
        {
            T[] shuffled = [.. values];
            random.Shuffle(shuffled);
            return shuffled[..random.Next(Math.Min(most, values.Length) + 1)];
        }
    }
}
