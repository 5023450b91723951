using System.Collections.Immutable;

namespace CreditGrains.Ledger;

/// <content>What is scored of a document.</content>
public sealed partial record ScorecardDocument
{
    /// <summary>Makes the scorecard: the same points for the same values, and the same reasons.</summary>
    /// <remarks>
    /// A field for each characteristic, under its name. A missing value reaches the bin of the missing; one that is infinite, or a number where
    /// texts are scored or a text where numbers are, gives no score. Attributes stand in the order special, missing, intervals or sets, unseen,
    /// since the first that applies counts: a special value is taken by its own bin and not by the interval around it.
    /// </remarks>
    /// <returns>A card in which <see cref="ScorecardRules.FirstFault"/> finds nothing. It keeps the scale; titles, notes, rationales and figures stay with the document.</returns>
    /// <exception cref="InvalidOperationException"><see cref="ScorecardDocumentRules.FirstFault"/> finds something.</exception>
    public Scorecard ToScorecard()
    {
        if (ScorecardDocumentRules.FirstFault(this) is { } fault) throw new InvalidOperationException($"The document means nothing: {fault}");
        return new()
        {
            ModelName = Model,
            InitialScore = InitialPoints,
            BaselineMethod = Characteristics.All(one => one.Baseline == one.Bins.Max(bin => bin.Points)) ? BaselineMethod.Max : BaselineMethod.Other,
            ReasonCodeAlgorithm = ReasonCodeAlgorithm.PointsBelow,
            UseReasonCodes = true,
            Scale = Scale,
            Fields = [.. Characteristics.Select(FieldOf)],
            Characteristics = [.. Characteristics.Select(CharacteristicOf)],
        };
    }

    private static ScorecardField FieldOf(DocumentCharacteristic characteristic) => characteristic.IsText
        ? new(characteristic.Name, FieldDataType.Text, FieldOpType.Categorical)
        : new(characteristic.Name, FieldDataType.Number, FieldOpType.Continuous);

    private static ScorecardCharacteristic CharacteristicOf(DocumentCharacteristic characteristic) => new()
    {
        Name = characteristic.Name,
        ReasonCode = characteristic.Reason.Code,
        BaselineScore = characteristic.Baseline,
        Attributes = [.. characteristic.Bins.OrderBy(bin => Turn(bin.Range)).Select(bin => new ScorecardAttribute(PredicateOf(characteristic.Name, bin.Range)) { PartialScore = bin.Points })],
    };

    private static int Turn(DocumentRange range) => range switch
    {
        DocumentRange.SpecialNumber or DocumentRange.SpecialText => 0,
        DocumentRange.Missing => 1,
        DocumentRange.Unseen => 3,
        _ => 2,
    };

    private static ScorePredicate PredicateOf(string field, DocumentRange range) => range switch
    {
        DocumentRange.SpecialNumber special => new SimplePredicate(field, ScoreComparison.Equal, FieldValue.Of(special.Value)),
        DocumentRange.SpecialText special => new SimplePredicate(field, ScoreComparison.Equal, FieldValue.Of(special.Value)),
        DocumentRange.Missing => new SimplePredicate(field, ScoreComparison.IsMissing),
        DocumentRange.Texts texts => OneOf(field, texts.Values),
        DocumentRange.Interval { From: { } from, To: { } to } => new CompoundPredicate(PredicateJunction.And, [From(field, from), Below(field, to)]),
        DocumentRange.Interval { From: { } from } => From(field, from),
        DocumentRange.Interval { To: { } to } => Below(field, to),
        _ => new SimplePredicate(field, ScoreComparison.IsNotMissing), // an interval without ends, or a text that no attribute before named
    };

    private static SimplePredicate From(string field, double number) => new(field, ScoreComparison.GreaterOrEqual, FieldValue.Of(number));

    private static SimplePredicate Below(string field, double number) => new(field, ScoreComparison.LessThan, FieldValue.Of(number));

    // A set in PMML cannot hold a backslash; single comparisons can.
    private static ScorePredicate OneOf(string field, ImmutableArray<string> values)
    {
        if (values.Length > 1 && !values.Any(value => value.Contains('\\', StringComparison.Ordinal))) return new SimpleSetPredicate(field, true, [.. values.Select(FieldValue.Of)]);
        ScorePredicate[] each = [.. values.Select(value => new SimplePredicate(field, ScoreComparison.Equal, FieldValue.Of(value)))];
        return each.Length == 1 ? each[0] : new CompoundPredicate(PredicateJunction.Or, [.. each]);
    }
}
