using System.Globalization;
using CreditGrains.Ledger;

namespace CreditGrains.Silo.CommandLine.Scorecards;

/// <summary>Says in words which values a bin takes.</summary>
internal static class BinWords
{
    /// <summary>Says it of a bin of a document.</summary>
    /// <param name="range">Which values.</param>
    public static string Of(DocumentRange range) => range switch
    {
        DocumentRange.Interval { From: { } from, To: { } to } => $"{Text(from)} to below {Text(to)}",
        DocumentRange.Interval { From: { } from } => $"{Text(from)} and above",
        DocumentRange.Interval { To: { } to } => $"below {Text(to)}",
        DocumentRange.Interval => "any number",
        DocumentRange.Texts texts => string.Join(" | ", texts.Values),
        DocumentRange.SpecialNumber special => $"special {Text(special.Value)}",
        DocumentRange.SpecialText special => $"special {special.Value}",
        DocumentRange.Missing => "missing",
        DocumentRange.Unseen => "not seen before",
        _ => throw new ArgumentOutOfRangeException(nameof(range)),
    };

    /// <summary>Says it of an attribute of a card, whatever its condition.</summary>
    /// <param name="predicate">The condition.</param>
    public static string Of(ScorePredicate predicate) => RangeOf(predicate) is { } range ? Of(range) : predicate switch
    {
        ConstantPredicate constant => constant.IsTrue ? "all others" : "nobody",
        SimplePredicate { Comparison: ScoreComparison.IsMissing } simple => $"{simple.Field} is missing",
        SimplePredicate { Comparison: ScoreComparison.IsNotMissing } => "any other value", // attributes before it have taken theirs
        SimplePredicate simple => $"{simple.Field} {Sign(simple.Comparison)} {Text(simple.Value)}",
        SimpleSetPredicate set => $"{set.Field} {(set.IsIn ? "in" : "not in")} {string.Join(" | ", set.Values.Select(Text))}",
        CompoundPredicate compound => string.Join($" {compound.Junction.ToString().ToLowerInvariant()} ", compound.Parts.Select(part => $"({Of(part)})")),
        _ => throw new ArgumentOutOfRangeException(nameof(predicate)),
    };

    /// <summary>Gives the short form of a condition on one field.</summary>
    /// <param name="predicate">The condition.</param>
    /// <returns>Null if it has none. What stands for any other value is told only by its place among the others, and has none either.</returns>
    public static DocumentRange? RangeOf(ScorePredicate predicate) => predicate switch
    {
        SimplePredicate { Comparison: ScoreComparison.IsMissing } => new DocumentRange.Missing(),
        SimplePredicate { Comparison: ScoreComparison.GreaterOrEqual } from => new DocumentRange.Interval(from.Value.Number, null),
        SimplePredicate { Comparison: ScoreComparison.LessThan } to => new DocumentRange.Interval(null, to.Value.Number),
        SimplePredicate { Comparison: ScoreComparison.Equal, Value.Kind: FieldValueKind.Number } equal => new DocumentRange.SpecialNumber(equal.Value.Number),
        SimplePredicate { Comparison: ScoreComparison.Equal, Value.Text: { } text } => new DocumentRange.Texts([text]),
        SimpleSetPredicate { IsIn: true } set when set.Values.All(value => value.Kind == FieldValueKind.Text) => new DocumentRange.Texts([.. set.Values.Select(value => value.Text!)]),
        CompoundPredicate
        {
            Junction: PredicateJunction.And,
            Parts: [SimplePredicate { Comparison: ScoreComparison.GreaterOrEqual } from, SimplePredicate { Comparison: ScoreComparison.LessThan } to],
        } when from.Field == to.Field => new DocumentRange.Interval(from.Value.Number, to.Value.Number),
        _ => null,
    };

    private static string Sign(ScoreComparison comparison) => comparison switch
    {
        ScoreComparison.Equal => "=",
        ScoreComparison.NotEqual => "≠",
        ScoreComparison.LessThan => "<",
        ScoreComparison.LessOrEqual => "≤",
        ScoreComparison.GreaterThan => ">",
        ScoreComparison.GreaterOrEqual => "≥",
        _ => throw new ArgumentOutOfRangeException(nameof(comparison)),
    };

    private static string Text(double number) => number.ToString("R", CultureInfo.InvariantCulture);

    private static string Text(FieldValue value) => value.Text ?? Text(value.Number);
}
