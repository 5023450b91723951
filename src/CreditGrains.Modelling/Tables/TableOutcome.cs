namespace CreditGrains.Modelling;

/// <summary>Why rows of cells make no table. The first that is found, reading from the top, is the one given.</summary>
public enum TableFault
{
    /// <summary>The header has no name in it, or an empty one.</summary>
    HeaderEmpty = 1,

    /// <summary>The header has the same name twice.</summary>
    HeaderRepeats = 2,

    /// <summary>A row has more or fewer cells than the header.</summary>
    CellCountWrong = 3,

    /// <summary>There is no row under the header.</summary>
    NoRows = 4,
}

/// <summary>A table, or why there is none.</summary>
public abstract record TableOutcome
{
    private TableOutcome()
    {
    }

    /// <summary>The table.</summary>
    /// <param name="Table">What was made.</param>
    public sealed record Made(Table Table) : TableOutcome;

    /// <summary>There is none.</summary>
    /// <param name="Fault">What is wrong.</param>
    /// <param name="Row">In which data row, from 1; 0 is the header.</param>
    /// <param name="Detail">In words: the name at fault, or the counts.</param>
    public sealed record Refused(TableFault Fault, int Row, string Detail) : TableOutcome;
}
