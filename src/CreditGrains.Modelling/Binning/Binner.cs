using System.Collections.Immutable;
using System.Globalization;

namespace CreditGrains.Modelling;

/// <summary>Puts values into bins. Fitting counts with it and scoring scores with it, so the two cannot differ.</summary>
internal sealed class Binner
{
    private readonly bool _isText;
    private readonly double[] _cuts;
    private readonly int _firstInterval;
    private readonly Dictionary<double, int> _numbers = [];
    private readonly Dictionary<string, int> _texts = new(StringComparer.Ordinal);
    private readonly int _missing = -1;
    private readonly int _unseen = -1;

    /// <summary>Makes a binner for ranges that <see cref="FaultOf"/> finds nothing wrong with.</summary>
    internal Binner(ImmutableArray<BinRange> ranges, bool isText)
    {
        if (FaultOf(ranges, isText) is { } fault) throw new ArgumentException(fault, nameof(ranges));
        _isText = isText;
        BinCount = ranges.Length;
        _firstInterval = Math.Max(0, ranges.ToList().FindIndex(range => range is BinRange.Interval));
        _cuts = [.. ranges.OfType<BinRange.Interval>().Skip(1).Select(interval => interval.Low)];
        for (var bin = 0; bin < ranges.Length; bin++)
        {
            switch (ranges[bin])
            {
                case BinRange.SpecialNumber special: _numbers.Add(special.Value, bin); break;
                case BinRange.SpecialText special: _texts.Add(special.Value, bin); break;
                case BinRange.Texts texts: foreach (var text in texts.Values) _texts.Add(text, bin); break;
                case BinRange.Missing: _missing = bin; break;
                case BinRange.Unseen: _unseen = bin; break;
            }
        }
    }

    /// <summary>Gets how many bins there are.</summary>
    internal int BinCount { get; }

    /// <summary>Says why ranges do not take each value exactly once; null if they do. Intervals stand together and in order.</summary>
    internal static string? FaultOf(ImmutableArray<BinRange> ranges, bool isText)
    {
        if (ranges.Count(range => range is BinRange.Missing) != 1) return "One bin takes the missing.";
        if (ranges.Count(range => range is BinRange.Unseen) != (isText ? 1 : 0)) return "One bin takes unseen texts, and none takes unseen numbers.";
        if (ranges.Any(range => isText ? range is BinRange.Interval or BinRange.SpecialNumber : range is BinRange.Texts or BinRange.SpecialText))
            return "Texts and numbers are mixed.";

        var texts = ranges.SelectMany(range => range switch
        {
            BinRange.Texts several => several.Values,
            BinRange.SpecialText special => [special.Value],
            _ => ImmutableArray<string>.Empty,
        }).ToList();
        if (texts.Distinct(StringComparer.Ordinal).Count() != texts.Count) return "A text is in two bins.";

        var specials = ranges.OfType<BinRange.SpecialNumber>().Select(special => special.Value).ToList();
        if (specials.Distinct().Count() != specials.Count || specials.Any(double.IsNaN)) return "A special number is in two bins, or is none.";
        return isText ? null : FaultOfIntervals(ranges);
    }

    /// <summary>Gives a number's bin; NaN is missing.</summary>
    internal int Of(double number)
    {
        if (double.IsNaN(number)) return _missing;
        if (_numbers.Count != 0 && _numbers.TryGetValue(number, out var special)) return special;

        // So few cuts are walked faster than halved. Infinity is not below the last cut, and so is in the last bin.
        var bin = 0;
        while (bin < _cuts.Length && number >= _cuts[bin]) bin++;
        return _firstInterval + bin;
    }

    /// <summary>Gives a text's bin; null is missing.</summary>
    internal int Of(string? text) => text is null ? _missing : _texts.GetValueOrDefault(text, _unseen);

    /// <summary>Whether the column's values are of the binner's kind.</summary>
    internal bool Takes(Column column) => _isText || column is NumericColumn;

    /// <summary>Gives the bins of some rows.</summary>
    /// <param name="column">One that <see cref="Takes"/> is true of. Numbers where texts are expected count as the texts that they are written as.</param>
    /// <param name="rows">Which.</param>
    /// <param name="bins">Filled: one for each of them.</param>
    internal void Apply(Column column, ReadOnlySpan<int> rows, Span<ushort> bins)
    {
        switch (column)
        {
            case TextColumn texts:
                // Each different text is looked up once, however many rows have it.
                var ofLevel = new ushort[texts.Levels.Length];
                for (var level = 0; level < ofLevel.Length; level++) ofLevel[level] = (ushort)Of(texts.Levels[level]);
                var codes = texts.Codes;
                for (var i = 0; i < rows.Length; i++) bins[i] = codes[rows[i]] is var code and >= 0 ? ofLevel[code] : (ushort)_missing;
                break;

            case NumericColumn numbers when _isText:
                for (var i = 0; i < rows.Length; i++)
                {
                    var number = numbers.Values[rows[i]];
                    bins[i] = (ushort)Of(double.IsNaN(number) ? null : number.ToString("R", CultureInfo.InvariantCulture));
                }

                break;

            case NumericColumn numbers:
                var values = numbers.Values;
                for (var i = 0; i < rows.Length; i++) bins[i] = (ushort)Of(values[rows[i]]);
                break;
        }
    }

    private static string? FaultOfIntervals(ImmutableArray<BinRange> ranges)
    {
        var first = ranges.ToList().FindIndex(range => range is BinRange.Interval);
        if (first < 0) return "No bin takes ordinary numbers.";
        var low = double.NegativeInfinity;
        var bin = first;
        for (; bin < ranges.Length && ranges[bin] is BinRange.Interval interval; bin++)
        {
            if (interval.Low != low || !(interval.High > low)) return "An interval does not begin where the one before it ends.";
            low = interval.High;
        }

        if (!double.IsPositiveInfinity(low)) return "The last interval has an end.";
        return ranges.Skip(bin).Any(range => range is BinRange.Interval) ? "Something stands between intervals." : null;
    }
}
