using CreditGrains.Ledger;

namespace CreditGrains.Silo.CommandLine.Scorecards;

/// <summary>What <c>fit</c> was asked, word for word; <see cref="FitPlan"/> makes sense of it when the table's header is known.</summary>
internal sealed record FitRequest
{
    /// <summary>The word that means the data row, from 1, in place of a column of ids.</summary>
    public const string RowAsId = "row";

    /// <summary>Gets the table's file.</summary>
    public required string Input { get; init; }

    /// <summary>Gets the column of outcomes.</summary>
    public required string Target { get; init; }

    /// <summary>Gets the column of ids, or <see cref="RowAsId"/>.</summary>
    public required string Id { get; init; }

    /// <summary>Gets the value that means bad.</summary>
    public required string Bad { get; init; }

    /// <summary>Gets lists of columns that may not be used.</summary>
    public IReadOnlyList<string> Exclude { get; init; } = [];

    /// <summary>Gets how rows are held back.</summary>
    public string Split { get; init; } = "id";

    /// <summary>Gets lists of columns with the way in which their bad rate goes.</summary>
    public IReadOnlyList<string> Monotone { get; init; } = [];

    /// <summary>Gets lists of columns with a special value.</summary>
    public IReadOnlyList<string> Special { get; init; } = [];

    /// <summary>Gets the model's name; null to take it from the file's.</summary>
    public string? Model { get; init; }

    /// <summary>Gets the scale.</summary>
    public ScoreScale Scale { get; init; } = ScoreScale.From300To850;

    /// <summary>Gets the least information value; null for the default.</summary>
    public double? MinInformationValue { get; init; }

    /// <summary>Gets the greatest correlation; null for the default.</summary>
    public double? MaxCorrelation { get; init; }

    /// <summary>Gets the ridge; null for the usual one.</summary>
    public double? Ridge { get; init; }

    /// <summary>Gets whether points are whole numbers.</summary>
    public bool IsRounded { get; init; }

    /// <summary>Gets the file of the key that signs; null if nobody does.</summary>
    public string? Key { get; init; }

    /// <summary>Gets where the report goes; null for beside the model.</summary>
    public string? Report { get; init; }

    /// <summary>Gets where the PMML goes.</summary>
    public required string Out { get; init; }
}
