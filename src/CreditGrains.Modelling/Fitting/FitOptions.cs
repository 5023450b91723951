using System.Collections.Immutable;
using CreditGrains.Ledger;

namespace CreditGrains.Modelling;

/// <summary>What a scorecard is to be made of, and how.</summary>
public sealed record FitOptions
{
    /// <summary>Gets the column that tells the outcome. It has exactly two different values and none missing.</summary>
    public required string Target { get; init; }

    /// <summary>Gets the value of the target that means bad, as its cell is written; a numeric target is compared as a number.</summary>
    /// <value>Default 1.</value>
    public string BadValue { get; init; } = "1";

    /// <summary>Gets the columns that may not be used. Those that target and split name are never used.</summary>
    /// <value>Default none.</value>
    public ImmutableArray<string> Exclude { get; init; } = [];

    /// <summary>Gets how rows are held back.</summary>
    /// <value>Default by data row.</value>
    public Split Split { get; init; } = new Split.ById();

    /// <summary>Gets how columns are cut.</summary>
    public BinningOptions Binning { get; init; } = new();

    /// <summary>Gets what is known of single columns, by name.</summary>
    public ImmutableDictionary<string, ColumnOptions> Columns { get; init; } = ImmutableDictionary<string, ColumnOptions>.Empty;

    /// <summary>Gets the least information value of a column that is used.</summary>
    /// <value>Default 0.02; 0 or more. A column that cannot tell rows apart is dropped at 0 too.</value>
    public double MinInformationValue { get; init; } = 0.02;

    /// <summary>Gets how far two columns may be correlated, either way, in weight of evidence; of two that are more so the one of less information value goes.</summary>
    /// <value>Default 0.75; more than 0, at most 1.</value>
    public double MaxCorrelation { get; init; } = 0.75;

    /// <summary>Gets whether columns whose coefficient contradicts their bins are dropped, the worst first, fitting anew each time.</summary>
    /// <value>Default true: points that rise where bad rates do cannot be explained to anybody.</value>
    public bool DropWrongSigns { get; init; } = true;

    /// <summary>Gets the ridge of the regression; see <see cref="LogisticRegression.Fit"/>.</summary>
    /// <value>Default 0; 0 to 1 000 000.</value>
    public double Ridge { get; init; }

    /// <summary>Gets the scale of the points.</summary>
    /// <value>Default 600 points at 50:1, 20 to double.</value>
    public PointsScale Scale { get; init; } = new();

    /// <summary>Gets whether each bin's points are whole numbers. All figures are those of the points as handed out.</summary>
    /// <value>Default false.</value>
    public bool RoundPoints { get; init; }

    /// <summary>Gets how intervals of the figures are found.</summary>
    public BootstrapOptions Bootstrap { get; init; } = new();

    internal string? Fault() =>
        Binning.Fault()
        ?? (Scale.Fault() is null ? null : "The scale needs finite base points, base odds above 0 and points to double above 0")
        ?? Bootstrap.Fault()
        ?? (MinInformationValue is not (>= 0 and < double.PositiveInfinity) ? $"{nameof(MinInformationValue)} must be 0 or more"
            : MaxCorrelation is not (> 0 and <= 1) ? $"{nameof(MaxCorrelation)} must be above 0 and at most 1"
            : Ridge is not (>= 0 and <= 1_000_000) ? $"{nameof(Ridge)} must be from 0 to 1 000 000"
            : Split is Split.Folds { Count: < 2 or > 100 } ? "There must be from 2 to 100 folds"
            : Split is Split.Folds { Seeds: < 1 or > 1000 } ? "There must be from 1 to 1000 seeds"
            : Columns.FirstOrDefault(column => column.Value.Special.Length > 100).Key is { } crowded ? $"{crowded} has more than 100 special values"
            : null);
}
