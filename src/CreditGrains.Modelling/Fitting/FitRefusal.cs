namespace CreditGrains.Modelling;

/// <summary>Why no scorecard was made. The first that applies is the one given, in this order but for the last five, which come as the work meets them.</summary>
public enum FitRefusal
{
    /// <summary>An option is out of its range. The detail names it.</summary>
    OptionOutOfRange = 1,

    /// <summary>The table has no column of the target's name.</summary>
    TargetColumnMissing = 2,

    /// <summary>The table lacks another column that the options name. That holds for excluded ones too: a misspelt exclusion would let in what must stay out.</summary>
    ColumnNotFound = 3,

    /// <summary>A row has no outcome.</summary>
    TargetHasMissing = 4,

    /// <summary>The target has more than two different values, so it does not say which of them are good.</summary>
    TargetNotBinary = 5,

    /// <summary>All rows have the same outcome, or the value that names the bad one never comes.</summary>
    TargetHasOneClass = 6,

    /// <summary>A row has no id, or one that is not whole and exact.</summary>
    IdUnusable = 7,

    /// <summary>A row has no time, or the cut is not of the column's kind.</summary>
    TimeUnusable = 8,

    /// <summary>The training part or the part held back lacks goods or bads.</summary>
    PartHasOneClass = 9,

    /// <summary>Selection left no column.</summary>
    NoColumnLeft = 10,

    /// <summary>The regression: see <see cref="RegressionFault.OutcomeSeparated"/>. A ridge above 0 gives an answer, if the columns are what they should be.</summary>
    OutcomeSeparated = 11,

    /// <summary>The regression: see <see cref="RegressionFault.ColumnsDependent"/>. A lower greatest correlation drops one of them.</summary>
    ColumnsDependent = 12,

    /// <summary>The regression: see <see cref="RegressionFault.NotConverged"/>.</summary>
    NotConverged = 13,
}
