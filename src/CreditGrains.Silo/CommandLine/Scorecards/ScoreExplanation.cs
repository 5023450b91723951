using System.Globalization;
using CreditGrains.Ledger;

namespace CreditGrains.Silo.CommandLine.Scorecards;

/// <summary>A model made ready to explain scores, with the inputs that are not in the ledger.</summary>
internal sealed class ScoreExplanation
{
    private readonly ModelFile _model;
    private readonly CompiledScorecard _card;
    private readonly Dictionary<string, FieldValue> _given;

    private ScoreExplanation(ModelFile model, Dictionary<string, FieldValue> given)
    {
        _model = model;
        _given = given;
        _card = CompiledScorecard.Of(model.Card);
    }

    /// <summary>Makes a model ready.</summary>
    /// <param name="model">The model.</param>
    /// <param name="fields">Inputs that are not in the ledger, as <c>name=value</c>.</param>
    /// <exception cref="UsageException">A field is no input of the model, is one of the ledger's own, is there twice, or is no number where one is needed.</exception>
    public static ScoreExplanation Prepare(ModelFile model, IEnumerable<string> fields)
    {
        Dictionary<string, FieldValue> given = new(StringComparer.Ordinal);
        foreach (var field in fields)
        {
            var sign = field.IndexOf('=', StringComparison.Ordinal);
            if (sign <= 0) throw new UsageException("--field needs NAME=VALUE.");
            var (name, value) = (field[..sign], field[(sign + 1)..]);
            if (Characteristics.Find(name) is not null) throw new UsageException($"--field {name}: the ledger itself knows this one, and a score is of what it knows.");
            if (model.Card.Fields.FirstOrDefault(one => one.Name == name && one.Usage == FieldUsage.Active) is not { } declared)
                throw new UsageException($"--field {name}: the model has no such input. It asks for {string.Join(", ", model.Card.Fields.Where(one => one.Usage == FieldUsage.Active).Select(one => one.Name))}.");
            if (!given.TryAdd(name, ValueOf(declared, value))) throw new UsageException($"--field {name} is given twice.");
        }

        return new(model, given);
    }

    /// <summary>Explains a score.</summary>
    /// <param name="vector">The citizen's characteristics.</param>
    /// <exception cref="UsageException">With these values the model gives no score.</exception>
    public ExplainedScore Explain(CharacteristicVector vector)
    {
        var known = vector.Values.ToDictionary(one => one.Name, one => FieldValue.OfOptional(one.Value), StringComparer.Ordinal);
        FieldValue Of(string input) => known.TryGetValue(input, out var value) || _given.TryGetValue(input, out value) ? value : FieldValue.Missing;
        var buffer = _card.NewBuffer();
        if (_card.Score([.. _card.Inputs.Select(Of)], buffer) != ScoringOutcome.Scored)
            throw new UsageException($"{_model.Path} gives no score. {_card.ExplainFault(buffer)}");

        var rows = _model.Card.Characteristics.Select((characteristic, place) => RowOf(characteristic, place, buffer, Of));
        var words = _model.Document?.Characteristics.ToDictionary(one => one.Reason.Code, one => one.Reason.Words, StringComparer.Ordinal) ?? [];
        var scale = _model.Scale;
        return new(
            vector.Citizen,
            vector.AsOf,
            _model.Name,
            _model.Card.InitialScore,
            buffer.Score,
            scale?.ScoreOf(buffer.Score),
            scale?.ProbabilityOfBad(buffer.Score),
            [.. rows],
            [.. buffer.Reasons.ToArray().Where(reason => reason.Points > 0).Select(reason => new ExplainedReason(reason.Code, words.GetValueOrDefault(reason.Code), reason.Points))]);
    }

    private ExplainedRow RowOf(ScorecardCharacteristic characteristic, int place, ScoreBuffer buffer, Func<string, FieldValue> valueOf)
    {
        var (matched, points) = (buffer.MatchedAttributes[place], buffer.PartialScores[place]);
        var document = _model.Document?.Characteristics[place];
        var bin = document is null ? null : ScorecardDocument.BinsInTurn(document)[matched];
        var sign = _model.Card.ReasonCodeAlgorithm == ReasonCodeAlgorithm.PointsAbove ? -1 : 1;
        var baseline = characteristic.BaselineScore ?? _model.Card.BaselineScore;
        return new(
            characteristic.Name ?? string.Create(CultureInfo.InvariantCulture, $"characteristic {place + 1}"),
            document is null ? FieldValue.Missing : valueOf(document.Name),
            bin is null ? BinWords.Of(characteristic.Attributes[matched].Predicate) : BinWords.Of(bin.Range),
            points,
            baseline,
            baseline is { } best ? Math.Max(0, sign * (best - points)) : null,
            bin?.Rationale ?? document?.Rationale);
    }

    private static FieldValue ValueOf(ScorecardField field, string value)
    {
        if (value.Length == 0) return FieldValue.Missing;
        if (!field.IsNumeric) return FieldValue.Of(value);
        return double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number)
            ? FieldValue.Of(number)
            : throw new UsageException($"--field {field.Name} needs a number.");
    }
}
