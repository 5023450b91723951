using CreditGrains.Ledger;

namespace CreditGrains.Modelling;

/// <content>The scorecard in the form that the ledger keeps models in.</content>
public sealed partial record FittedScorecard
{
    /// <summary>Makes a document of the scorecard: the same bins, points and figures.</summary>
    /// <param name="model">Which model it is: 1 to 32 characters of a–z, 0–9 and hyphen.</param>
    /// <param name="low">The lowest score that is given out.</param>
    /// <param name="high">The highest.</param>
    /// <param name="title">Its title, for people.</param>
    /// <param name="notes">What a reviewer must know.</param>
    /// <param name="reasonsByColumn">The reasons of columns, by name; null for none. Columns that are not in it get one that is made of the catalogue or of their name.</param>
    /// <returns>
    /// A document whose scorecard gives every row the points that <see cref="TryScore"/> gives. What cannot be kept, such as a column's name or a text with characters that
    /// PMML has no place for, or a malformed <paramref name="model"/>, is found by <see cref="ScorecardDocumentRules.FirstFault"/>, as are reasons that were given twice.
    /// </returns>
    public ScorecardDocument ToDocument(
        string model, int low, int high, string title = "", string notes = "", IReadOnlyDictionary<string, DocumentReason>? reasonsByColumn = null)
    {
        ReasonsOfColumns reasons = new([.. Characteristics.Select(characteristic => characteristic.Column)], reasonsByColumn);
        return new()
        {
            Model = model,
            Title = title,
            Notes = notes,
            Scale = new(Scale.BasePoints, Scale.BaseOdds, Scale.PointsToDouble, low, high),
            Characteristics = [.. Characteristics.Select(characteristic => DocumentOf(characteristic, reasons.Of(characteristic.Column)))],
            Training = new(Training.Rows, Training.Bads, Training.Auc, Training.Gini, Training.Ks, Training.LogLikelihood, Intercept),
        };
    }

    private static DocumentCharacteristic DocumentOf(FittedCharacteristic fitted, DocumentReason reason) => new(
        fitted.Column,
        fitted.IsText,
        reason,
        fitted.Bins.Max(bin => bin.Points),
        [.. fitted.Bins.Select(bin => new DocumentBin(RangeOf(bin.Range), bin.Points) { Woe = bin.Woe, Goods = bin.Goods, Bads = bin.Bads })])
    {
        InformationValue = fitted.InformationValue,
        Coefficient = fitted.Coefficient,
    };

    private static DocumentRange RangeOf(BinRange range) => range switch
    {
        BinRange.Interval interval => new DocumentRange.Interval(
            double.IsNegativeInfinity(interval.Low) ? null : interval.Low, double.IsPositiveInfinity(interval.High) ? null : interval.High),
        BinRange.Texts texts => new DocumentRange.Texts(texts.Values),
        BinRange.SpecialNumber special => new DocumentRange.SpecialNumber(special.Value),
        BinRange.SpecialText special => new DocumentRange.SpecialText(special.Value),
        BinRange.Missing => new DocumentRange.Missing(),
        BinRange.Unseen => new DocumentRange.Unseen(),
        _ => throw new System.Diagnostics.UnreachableException($"No range of a document for {range.GetType().Name}."),
    };
}
