using System.Runtime.CompilerServices;

namespace CreditGrains.Ledger;

/// <summary>Counts the events of one tradeline or position into a file's totals, beside whatever else reads them.</summary>
internal ref struct EventTotals
{
    private readonly TotalsByKind _totals;
    private readonly Currency _currency;

    // Where each of the ten kinds is summed, once with money and once without.
    private Places _places;
    private int _day = -1;
    private TotalsByKind.Shortest _windows;

    /// <summary>Begins to count.</summary>
    /// <param name="totals">Where to.</param>
    /// <param name="currency">The currency of the events with money.</param>
    internal EventTotals(TotalsByKind totals, Currency currency)
    {
        _totals = totals;
        _currency = currency;
        ((Span<int>)_places).Fill(-1);
    }

    /// <summary>Counts an event; those of one day follow one another.</summary>
    internal void Add(in SubjectEvent @event)
    {
        if (_totals.IsNone) return;
        if (@event.Day != _day)
        {
            _day = @event.Day;
            _windows = _totals.OfDay(_day);
        }

        var total = new Total(@event.Count, @event.Sum);
        var currency = @event.HasMoney ? _currency : default;
        ref var kindAt = ref _places[((int)@event.Kind % 10 * 2) + (@event.HasMoney ? 1 : 0)];
        if (kindAt < 0) kindAt = _totals.KindAt(@event.Kind, currency);
        var categoryAt = _totals.CategoryAt(@event.Category, @event.Kind, currency);
        _totals.AddCategoryLifetime(categoryAt, total);
        _totals.Add(kindAt, categoryAt, _windows, total);
    }

    [InlineArray(20)]
    private struct Places
    {
        private int _first;
    }
}
