using System.Collections.Immutable;
using CreditGrains.Ledger;
using CreditGrains.Modelling;

namespace CreditGrains.Silo.CommandLine.Scorecards;

/// <summary>A bin, what it is worth and who was in it.</summary>
/// <param name="Range">Which values it takes; null if the model says it in a way that has no short form.</param>
/// <param name="Label">The same in words.</param>
/// <param name="Points">What it is worth; NaN if its points are computed from fields.</param>
/// <param name="Goods">Goods in it.</param>
/// <param name="Bads">Bads.</param>
/// <param name="Woe">Its weight of evidence on those rows.</param>
internal sealed record BinView(DocumentRange? Range, string Label, double Points, long Goods, long Bads, double Woe)
{
    /// <summary>Gets the share of bads, 0 to 1; null if nobody is in it.</summary>
    public double? BadRate => Goods + Bads == 0 ? null : (double)Bads / (Goods + Bads);
}

/// <summary>A characteristic with its bins, as it is shown.</summary>
/// <param name="Name">Its name.</param>
/// <param name="InformationValue">Of its bins on those rows.</param>
/// <param name="Coefficient">Of its weight of evidence for ln(odds of bad); null if nobody said.</param>
/// <param name="Bins">In the model's order.</param>
internal sealed record CharacteristicView(string Name, double InformationValue, double? Coefficient, ImmutableArray<BinView> Bins)
{
    // As where scorecards are made: one row of the average bad rate is mixed in.
    private const double Smoothing = 1;

    /// <summary>Shows what a document says of the rows that it was made of.</summary>
    /// <param name="document">One that was fitted.</param>
    public static ImmutableArray<CharacteristicView> OfFitted(ScorecardDocument document) =>
    [
        .. document.Characteristics.Select(characteristic => new CharacteristicView(
            characteristic.Name,
            characteristic.InformationValue ?? 0,
            characteristic.Coefficient,
            [.. characteristic.Bins.Select(bin => new BinView(bin.Range, BinWords.Of(bin.Range), bin.Points, bin.Goods ?? 0, bin.Bads ?? 0, bin.Woe ?? 0))])),
    ];

    /// <summary>Shows where the rows of a table fall in a model.</summary>
    /// <param name="model">The model.</param>
    /// <param name="scored">What it made of the rows.</param>
    /// <param name="bad">Their outcomes: a good and a bad at least.</param>
    public static ImmutableArray<CharacteristicView> OfScored(ModelFile model, ScoredTable scored, bool[] bad) =>
        [.. model.Card.Characteristics.Select((characteristic, place) => OfScored(model, characteristic, place, scored, bad))];

    private static CharacteristicView OfScored(ModelFile model, ScorecardCharacteristic characteristic, int place, ScoredTable scored, bool[] bad)
    {
        var attributes = characteristic.Attributes;
        var goods = scored.Counts(place, attributes.Length, row => !bad[row]);
        var bads = scored.Counts(place, attributes.Length, row => bad[row]);
        var (totalGoods, totalBads) = (goods.Sum(), bads.Sum());
        return new(
            characteristic.Name ?? $"characteristic {place + 1}",
            WeightOfEvidence.InformationValue(goods, bads, Smoothing),
            model.Document?.Characteristics[place].Coefficient,
            [
                .. attributes.Select((attribute, bin) => new BinView(
                    BinWords.RangeOf(attribute.Predicate),
                    BinWords.Of(attribute.Predicate),
                    attribute.ComplexPartialScore is null ? attribute.PartialScore : double.NaN,
                    goods[bin],
                    bads[bin],
                    WeightOfEvidence.Of(goods[bin], bads[bin], totalGoods, totalBads, Smoothing))),
            ]);
    }
}
