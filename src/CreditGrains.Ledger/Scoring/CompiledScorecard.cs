using System.Collections.Immutable;

namespace CreditGrains.Ledger;

/// <summary>A scorecard made ready to score many vectors: names are places, and characteristics of one field are ranges.</summary>
/// <remarks>
/// It never changes and any number of callers may use it at once, each with its own <see cref="ScoreBuffer"/>. A scoring allocates nothing.
/// Only fields that a predicate or an expression refers to are looked at and treated; a value of another is passed over, whatever it is.
/// </remarks>
public sealed class CompiledScorecard
{
    private readonly double _initialScore;
    private readonly double _sign;
    private readonly (int Index, FieldIntake Intake)[] _intakes;
    private readonly Row[] _rows;
    private readonly string[] _codes;
    private readonly bool _readsTexts;

    private CompiledScorecard(Scorecard card)
    {
        Card = card;
        var active = card.Fields.Where(field => field.Usage == FieldUsage.Active).ToArray();
        Inputs = [.. active.Select(field => field.Name)];
        _initialScore = card.InitialScore;
        _sign = card.ReasonCodeAlgorithm == ReasonCodeAlgorithm.PointsAbove ? -1 : 1;
        Dictionary<string, (int Index, bool IsNumeric)> places = new(StringComparer.Ordinal);
        for (var index = 0; index < active.Length; index++) places.Add(active[index].Name, (index, active[index].IsNumeric));
        var referred = card.Characteristics
            .SelectMany(characteristic => characteristic.Attributes)
            .SelectMany(attribute => PredicateProgram.FieldsOf(attribute.Predicate).Concat(ExpressionProgram.FieldsOf(attribute.ComplexPartialScore)))
            .ToHashSet(StringComparer.Ordinal);
        _intakes = [.. active.Index().Where(field => referred.Contains(field.Item.Name)).Select(field => (field.Index, new FieldIntake(field.Item)))];
        _readsTexts = _intakes.Any(intake => !intake.Intake.IsNumeric);
        Dictionary<string, int> codes = new(StringComparer.Ordinal);
        _rows = [.. card.Characteristics.Select(characteristic => new Row(card, characteristic, active.Length, name => places[name], codes))];
        _codes = [.. codes.OrderBy(code => code.Value).Select(code => code.Key)];
    }

    /// <summary>Gets the card.</summary>
    public Scorecard Card { get; }

    /// <summary>Gets the names of the active fields: a vector holds their values in this order.</summary>
    public ImmutableArray<string> Inputs { get; }

    /// <summary>Makes a card ready.</summary>
    /// <param name="card">A card in which <see cref="ScorecardRules.FirstFault"/> finds nothing.</param>
    /// <exception cref="ArgumentException">It finds something.</exception>
    public static CompiledScorecard Of(Scorecard card) => ScorecardRules.FirstFault(card) is { } fault
        ? throw new ArgumentException($"The scorecard means nothing: {fault}", nameof(card))
        : new(card);

    /// <summary>Makes a buffer for the results of this card.</summary>
    /// <param name="maxReasons">The most reasons that a score is given; zero for none.</param>
    public ScoreBuffer NewBuffer(int maxReasons = 4)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(maxReasons);
        return new(this, Inputs.Length, _rows.Length, _codes.Length, maxReasons);
    }

    /// <summary>Scores a vector.</summary>
    /// <param name="values">One value for each of <see cref="Inputs"/>, in that order.</param>
    /// <param name="buffer">Where the result goes; made by this card's <see cref="NewBuffer"/>.</param>
    /// <returns>What is in <see cref="ScoreBuffer.Outcome"/> too. Of several faults the first field's comes first, then the first characteristic's.</returns>
    /// <exception cref="ArgumentException">There are more or fewer values than inputs, or the buffer is another card's.</exception>
    public ScoringOutcome Score(ReadOnlySpan<FieldValue> values, ScoreBuffer buffer)
    {
        Begin(values.Length, buffer);
        foreach (var (index, intake) in _intakes)
            if (!intake.TryTake(values[index], out buffer.Numbers[index], out buffer.Texts[index])) return buffer.End(ScoringOutcome.FieldInvalid, index);
        return Sum(buffer);
    }

    /// <summary>Scores a vector of numbers.</summary>
    /// <param name="numbers">One number for each of <see cref="Inputs"/>, in that order; NaN is missing, and an infinite one is invalid.</param>
    /// <param name="buffer">Where the result goes; made by this card's <see cref="NewBuffer"/>.</param>
    /// <returns>As for values.</returns>
    /// <exception cref="ArgumentException">As for values, or the card refers to a field of texts.</exception>
    public ScoringOutcome Score(ReadOnlySpan<double> numbers, ScoreBuffer buffer)
    {
        Begin(numbers.Length, buffer);
        if (_readsTexts) throw new ArgumentException("The card refers to a field of texts.", nameof(numbers));
        foreach (var (index, intake) in _intakes)
            if (!intake.TryTakeNumber(numbers[index], out buffer.Numbers[index])) return buffer.End(ScoringOutcome.FieldInvalid, index);
        return Sum(buffer);
    }

    /// <summary>Tells in plain words why a vector has no score.</summary>
    /// <param name="buffer">This card's, after a scoring.</param>
    /// <returns>Null if it has one. Names a field or a characteristic, never a value.</returns>
    public string? ExplainFault(ScoreBuffer buffer)
    {
        ArgumentNullException.ThrowIfNull(buffer);
        return buffer.Outcome switch
        {
            ScoringOutcome.FieldInvalid => $"The field '{Inputs[buffer.FaultIndex]}' has a value, or lacks one, with which there is no score.",
            ScoringOutcome.NoAttributeMatches => $"No attribute of characteristic {NameOf(buffer.FaultIndex)} applies.",
            ScoringOutcome.PartialScoreUndefined => $"The partial score of characteristic {NameOf(buffer.FaultIndex)} cannot be computed.",
            ScoringOutcome.ScoreNotFinite => "The sum of the partial scores is not finite.",
            _ => null,
        };
    }

    private string NameOf(int characteristic) => Card.Characteristics[characteristic].Name is { } name ? $"'{name}'" : $"number {characteristic + 1}";

    private void Begin(int count, ScoreBuffer buffer)
    {
        ArgumentNullException.ThrowIfNull(buffer);
        if (!ReferenceEquals(buffer.Card, this)) throw new ArgumentException("The buffer is another card's.", nameof(buffer));
        if (count != Inputs.Length) throw new ArgumentException($"{count} values were given for {Inputs.Length} inputs.", nameof(count));
        buffer.Begin();
    }

    private ScoringOutcome Sum(ScoreBuffer buffer)
    {
        TakenFields fields = new(buffer.Numbers, buffer.Texts);
        var partials = buffer.Partials;
        var score = _initialScore;
        for (var index = 0; index < _rows.Length; index++)
        {
            var row = _rows[index];
            var attribute = row.Matcher.Match(fields);
            if (attribute < 0) return buffer.End(ScoringOutcome.NoAttributeMatches, index);
            var partial = row.Points[attribute];
            if (double.IsNaN(partial))
            {
                partial = row.Computed[attribute]!.Number(fields);
                if (!double.IsFinite(partial)) return buffer.End(ScoringOutcome.PartialScoreUndefined, index);
            }

            buffer.Matches[index] = attribute;
            partials[index] = partial;
            score += partial;
        }

        if (!double.IsFinite(score)) return buffer.End(ScoringOutcome.ScoreNotFinite, -1);
        buffer.Score = score;
        if (buffer.MaxReasons > 0) Reason(buffer);
        return buffer.End(ScoringOutcome.Scored, -1);
    }

    // Differences are summed for each code first, and a code whose sum is negative is dropped then: what a citizen gained with one
    // characteristic counts against what was lost with another of the same code.
    private void Reason(ScoreBuffer buffer)
    {
        var (points, met, isMet) = (buffer.CodePoints, buffer.CodesMet, buffer.CodeMetAt);
        var metCount = 0;
        for (var index = 0; index < _rows.Length; index++)
        {
            var row = _rows[index];
            var code = row.Codes[buffer.Matches[index]];
            var difference = (row.Baseline - buffer.Partials[index]) * _sign;
            if (isMet[code])
            {
                points[code] += difference;
                continue;
            }

            isMet[code] = true;
            points[code] = difference;
            met[metCount++] = code;
        }

        foreach (var code in met.AsSpan(0, metCount))
        {
            isMet[code] = false;

            // Adding zero makes a negative zero a plain one.
            if (points[code] >= 0) buffer.Rank(_codes[code], points[code] + 0.0);
        }
    }

    /// <summary>One characteristic. Points that are computed stand as NaN among the fixed ones.</summary>
    private sealed class Row
    {
        internal Row(Scorecard card, ScorecardCharacteristic characteristic, int fieldCount, Func<string, (int Index, bool IsNumeric)> placeOf, Dictionary<string, int> codes)
        {
            Matcher = AttributeMatcher.Of(characteristic, fieldCount, placeOf);
            Points = [.. characteristic.Attributes.Select(attribute => attribute.ComplexPartialScore is null ? attribute.PartialScore : double.NaN)];
            Computed = [.. characteristic.Attributes.Select(attribute => attribute.ComplexPartialScore is { } expression ? ExpressionProgram.Of(expression, placeOf) : null)];
            if (!card.UseReasonCodes)
            {
                Codes = [];
                return;
            }

            Baseline = (characteristic.BaselineScore ?? card.BaselineScore)!.Value;
            Codes = [.. characteristic.Attributes.Select(attribute => PlaceOf(attribute.ReasonCode ?? characteristic.ReasonCode!, codes))];
        }

        internal AttributeMatcher Matcher { get; }

        internal double[] Points { get; }

        internal ExpressionProgram?[] Computed { get; }

        internal double Baseline { get; }

        internal int[] Codes { get; }

        private static int PlaceOf(string code, Dictionary<string, int> codes)
        {
            codes.TryAdd(code, codes.Count);
            return codes[code];
        }
    }
}
