namespace CreditGrains.Modelling;

/// <summary>One column of a table: its name and a value, or none, for each row.</summary>
public abstract class Column
{
    private protected Column(string name, int rowCount)
    {
        Name = name;
        RowCount = rowCount;
    }

    /// <summary>Gets the name, as the header has it.</summary>
    public string Name { get; }

    /// <summary>Gets how many rows there are.</summary>
    public int RowCount { get; }

    /// <summary>Whether the row has no value in this column.</summary>
    /// <param name="row">From 0.</param>
    public abstract bool IsMissing(int row);
}

/// <summary>A column of numbers.</summary>
public sealed class NumericColumn : Column
{
    private readonly double[] _values;

    /// <summary>Makes a column over an array, which it keeps and which nobody may change afterwards.</summary>
    /// <param name="name">The column's name.</param>
    /// <param name="values">One for each row; NaN where it is missing.</param>
    /// <exception cref="ArgumentException">A value is infinite: no bin could have it.</exception>
    public NumericColumn(string name, double[] values)
        : base(name, values.Length)
    {
        if (values.Any(double.IsInfinity)) throw new ArgumentException($"The column {name} has an infinite value.", nameof(values));
        _values = values;
    }

    /// <summary>Gets the values, NaN where one is missing.</summary>
    public ReadOnlySpan<double> Values => _values;

    /// <inheritdoc/>
    public override bool IsMissing(int row) => double.IsNaN(_values[row]);
}

/// <summary>A column of texts. Each different text is kept once.</summary>
public sealed class TextColumn : Column
{
    /// <summary>The code of a missing text.</summary>
    internal const int NoLevel = -1;

    private readonly string[] _levels;
    private readonly int[] _codes;

    /// <summary>Makes a column.</summary>
    /// <param name="name">The column's name.</param>
    /// <param name="values">One for each row; null where it is missing.</param>
    public TextColumn(string name, IReadOnlyList<string?> values)
        : base(name, values.Count)
    {
        var places = new Dictionary<string, int>(StringComparer.Ordinal);
        _codes = new int[values.Count];
        for (var row = 0; row < _codes.Length; row++)
        {
            if (values[row] is not { } text) _codes[row] = NoLevel;
            else if (places.TryGetValue(text, out var place)) _codes[row] = place;
            else places.Add(text, _codes[row] = places.Count);
        }

        _levels = new string[places.Count];
        foreach (var (text, place) in places) _levels[place] = text;
    }

    internal TextColumn(string name, string[] levels, int[] codes)
        : base(name, codes.Length)
    {
        _levels = levels;
        _codes = codes;
    }

    /// <summary>Gets the different texts, in the order in which they first come.</summary>
    public ReadOnlySpan<string> Levels => _levels;

    /// <summary>Gets for each row the place of its text in <see cref="Levels"/>, or -1 where it is missing.</summary>
    public ReadOnlySpan<int> Codes => _codes;

    /// <inheritdoc/>
    public override bool IsMissing(int row) => _codes[row] == NoLevel;

    /// <summary>Gives a row's text, or null.</summary>
    /// <param name="row">From 0.</param>
    public string? Text(int row) => _codes[row] == NoLevel ? null : _levels[_codes[row]];
}
