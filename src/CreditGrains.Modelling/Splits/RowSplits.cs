using System.Globalization;

namespace CreditGrains.Modelling;

/// <summary>Rows for training and rows held back, by their index from 0, each in rising order.</summary>
internal sealed record RowSplit(int[] Training, int[] HeldBack);

/// <summary>Finds which rows a split means.</summary>
internal static class RowSplits
{
    private const double FirstInexactInteger = 9_007_199_254_740_992; // 2^53, which its successor is read as too

    /// <summary>Splits by id.</summary>
    /// <param name="ids">The ids; null for the data row.</param>
    /// <param name="rowCount">How many rows.</param>
    /// <param name="fault">In words, why it cannot be; null if it can.</param>
    internal static RowSplit? ById(Column? ids, int rowCount, out string? fault)
    {
        fault = null;
        var isTraining = new bool[rowCount];
        for (var row = 0; row < rowCount; row++)
        {
            if (IdOf(ids, row) is not { } id)
            {
                fault = $"Data row {row + 1} has no id in {ids!.Name} that is whole and exact.";
                return null;
            }

            isTraining[row] = IsTraining(id);
        }

        return Of(isTraining);
    }

    /// <summary>Whether the row of this id is for training.</summary>
    internal static bool IsTraining(ulong id) => SplitMix64.Of(id) % 10 < 7;

    /// <summary>Splits by time.</summary>
    internal static RowSplit? ByTime(Column times, string cut, out string? fault)
    {
        fault = null;
        var number = 0.0;
        if (times is NumericColumn && !Table.TryNumber(cut, out number))
        {
            fault = $"{times.Name} holds numbers, and the cut '{cut}' is none.";
            return null;
        }

        var isTraining = new bool[times.RowCount];
        for (var row = 0; row < isTraining.Length; row++)
        {
            if (times.IsMissing(row))
            {
                fault = $"Data row {row + 1} has no time in {times.Name}.";
                return null;
            }

            isTraining[row] = times is NumericColumn numbers ? numbers.Values[row] < number : string.CompareOrdinal(((TextColumn)times).Text(row), cut) < 0;
        }

        return Of(isTraining);
    }

    /// <summary>Deals rows out to folds: for each row its fold, from 0.</summary>
    /// <param name="bad">The outcome of each row: bads and goods are dealt out apart.</param>
    /// <param name="folds">How many.</param>
    /// <param name="seed">The same seed gives the same folds.</param>
    internal static int[] Folds(bool[] bad, int folds, ulong seed)
    {
        var random = new SplitMix64(seed);
        var fold = new int[bad.Length];
        var dealt = 0;
        foreach (var outcome in (ReadOnlySpan<bool>)[true, false])
        {
            int[] rows = [.. Enumerable.Range(0, bad.Length).Where(row => bad[row] == outcome)];
            random.Shuffle(rows);

            // The goods go on where the bads ended; else the first folds would be larger by two.
            foreach (var row in rows) fold[row] = dealt++ % folds;
        }

        return fold;
    }

    /// <summary>Gives the split that holds one fold back.</summary>
    internal static RowSplit HoldingBack(int[] folds, int heldBack) => Of([.. folds.Select(fold => fold != heldBack)]);

    private static RowSplit Of(bool[] isTraining)
    {
        var rows = Enumerable.Range(0, isTraining.Length).ToLookup(row => isTraining[row]);
        return new([.. rows[true]], [.. rows[false]]);
    }

    private static ulong? IdOf(Column? ids, int row)
    {
        switch (ids)
        {
            case null:
                return (ulong)row + 1;

            case NumericColumn numbers:
                var number = numbers.Values[row];
                return double.IsInteger(number) && Math.Abs(number) < FirstInexactInteger ? unchecked((ulong)(long)number) : null;

            case TextColumn texts when texts.Text(row) is { } text:
                return long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var signed) ? unchecked((ulong)signed)
                    : ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var unsigned) ? unsigned
                    : SplitMix64.OfText(text);

            default:
                return null;
        }
    }
}
