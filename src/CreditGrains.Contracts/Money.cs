namespace CreditGrains;

/// <summary>An exact amount in one currency, in whole minor units.</summary>
/// <remarks>
/// Arithmetic is checked: overflow throws and never wraps. The default value is zero of no currency; an entry that holds it is
/// refused.
/// </remarks>
/// <param name="MinorUnits">Whole minor units (cents, hellers, paise). Negative is a credit in the citizen's favour.</param>
/// <param name="Currency">The currency, which says how many minor units make a major one.</param>
[GenerateSerializer, Immutable, Alias("cg.Money")]
public readonly record struct Money([property: Id(0)] long MinorUnits, [property: Id(1)] Currency Currency)
{
    /// <summary>Adds two amounts of one currency.</summary>
    /// <exception cref="InvalidOperationException">The currencies differ.</exception>
    /// <exception cref="OverflowException">The sum does not fit 64 bits.</exception>
    public static Money operator +(Money left, Money right) => new(checked(left.MinorUnits + right.MinorUnits), Same(left, right));

    /// <summary>Subtracts one amount from another of the same currency.</summary>
    /// <exception cref="InvalidOperationException">The currencies differ.</exception>
    /// <exception cref="OverflowException">The difference does not fit 64 bits.</exception>
    public static Money operator -(Money left, Money right) => new(checked(left.MinorUnits - right.MinorUnits), Same(left, right));

    /// <summary>Adds; see the operator.</summary>
    /// <param name="other">An amount of the same currency.</param>
    public Money Add(Money other) => this + other;

    /// <summary>Subtracts; see the operator.</summary>
    /// <param name="other">An amount of the same currency.</param>
    public Money Subtract(Money other) => this - other;

    /// <summary>Gives the amount in major units with the currency's code, such as <c>12.50 EUR</c>.</summary>
    public override string ToString() => $"{Currency.FormatMajor(MinorUnits)} {Currency}";

    private static Currency Same(Money left, Money right) => left.Currency == right.Currency
        ? left.Currency
        : throw new InvalidOperationException($"{left.Currency} and {right.Currency} are not added.");
}
