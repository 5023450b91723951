namespace CreditGrains.Silo.Nation;

/// <summary>One side of a citizen's life, lived month by month.</summary>
internal interface ILifePart
{
    /// <summary>Lives one month. Months come in order, none is left out.</summary>
    /// <param name="month">Takes what happens.</param>
    void Live(MonthBook month);
}
