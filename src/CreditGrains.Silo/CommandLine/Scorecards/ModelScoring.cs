using System.Globalization;
using CreditGrains.Ledger;
using CreditGrains.Modelling;
using CreditGrains.Silo.Imports;

namespace CreditGrains.Silo.CommandLine.Scorecards;

/// <summary>The points that a model gives to the rows of a table.</summary>
/// <param name="Points">One for each row.</param>
/// <param name="Bins">For each characteristic, and each row, which of its attributes applied, from 0.</param>
internal sealed record ScoredTable(double[] Points, int[][] Bins)
{
    /// <summary>Counts the rows in each bin of a characteristic.</summary>
    /// <param name="characteristic">Which, from 0.</param>
    /// <param name="bins">How many bins it has.</param>
    /// <param name="counted">Which rows count.</param>
    public long[] Counts(int characteristic, int bins, Func<int, bool> counted)
    {
        var counts = new long[bins];
        var ofRow = Bins[characteristic];
        for (var row = 0; row < ofRow.Length; row++)
            if (counted(row)) counts[ofRow[row]]++;
        return counts;
    }
}

/// <summary>Scores tables with models, by the very code with which the ledger scores.</summary>
internal static class ModelScoring
{
    /// <summary>Scores every row.</summary>
    /// <param name="model">The model.</param>
    /// <param name="input">Its inputs, by their names as columns; other columns are passed over.</param>
    /// <param name="progress">Where is kept how far it is.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <exception cref="ImportFileException">A column is missing or of another kind, or a row has no score.</exception>
    public static ScoredTable Score(ModelFile model, InputTable input, StepCounter progress, CancellationToken cancellation)
    {
        var card = CompiledScorecard.Of(model.Card);
        Func<int, FieldValue>[] inputs = [.. card.Inputs.Select(name => ValuesOf(model, input, name))];
        var values = new FieldValue[inputs.Length];
        var buffer = card.NewBuffer(maxReasons: 0);
        var rows = input.Table.RowCount;
        var scored = new ScoredTable(new double[rows], [.. model.Card.Characteristics.Select(_ => new int[rows])]);
        for (var row = 0; row < rows; row++)
        {
            cancellation.ThrowIfCancellationRequested();
            for (var i = 0; i < inputs.Length; i++) values[i] = inputs[i](row);
            if (card.Score(values, buffer) != ScoringOutcome.Scored)
                throw new ImportFileException(string.Create(CultureInfo.InvariantCulture, $"{input.Path} line {input.Lines[row]}: {model.Path} gives this row no score. {card.ExplainFault(buffer)}"));
            scored.Points[row] = buffer.Score;
            for (var i = 0; i < scored.Bins.Length; i++) scored.Bins[i][row] = buffer.MatchedAttributes[i];
            progress.Set((row + 1.0) / rows, row + 1);
        }

        return scored;
    }

    private static Func<int, FieldValue> ValuesOf(ModelFile model, InputTable input, string name)
    {
        var isNumeric = model.Card.Fields.First(field => field.Name == name).IsNumeric;
        return (input.Find(name), isNumeric) switch
        {
            (NumericColumn numbers, true) => row => numbers.IsMissing(row) ? FieldValue.Missing : FieldValue.Of(numbers.Values[row]),
            (NumericColumn numbers, false) => row => numbers.IsMissing(row) ? FieldValue.Missing : FieldValue.Of(numbers.Values[row].ToString("R", CultureInfo.InvariantCulture)),
            (TextColumn texts, false) => row => texts.Text(row) is { } text ? FieldValue.Of(text) : FieldValue.Missing,

            // The cells may be numbers all the same, if another model that is judged beside this one has them as texts.
            (TextColumn texts, true) => NumbersOf(input, texts),
            _ => throw new System.Diagnostics.UnreachableException("A column is of numbers or of texts."),
        };
    }

    private static Func<int, FieldValue> NumbersOf(InputTable input, TextColumn column)
    {
        var ofLevel = new FieldValue[column.Levels.Length];
        for (var level = 0; level < ofLevel.Length; level++)
        {
            if (!double.TryParse(column.Levels[level], NumberStyles.Float, CultureInfo.InvariantCulture, out var number) || !double.IsFinite(number))
                throw input.Fault(column.Codes.IndexOf(level), column.Name, "this is no number, and the model needs numbers here");
            ofLevel[level] = FieldValue.Of(number);
        }

        return row => column.Codes[row] is var code and >= 0 ? ofLevel[code] : FieldValue.Missing;
    }
}
