using System.Numerics;
using System.Text;

namespace CreditGrains.Ledger;

/// <summary>Tells what is known of an investment position as of a day, from its events up to that day.</summary>
/// <remarks>
/// Average cost moves from trading day to trading day: a day's purchases join the units held and what they cost, then its sales take with
/// them their share of the cost, rounded to the nearest minor unit and upwards at the half. Where more was sold than is known to have been
/// bought, the units fall below zero at no cost; later purchases first make good what is lacking, and only the share of their cost that is
/// left after that is held. Of the valuations of the last valued day the greatest speaks.
/// </remarks>
internal ref struct PositionFold
{
    private Int128 _units;
    private Int128 _cost;
    private Int128 _inflow;
    private (int Day, long MinorUnits)? _value;

    private int _day;
    private Int128 _bought;
    private Int128 _boughtFor;
    private Int128 _sold;

    /// <summary>Makes the view of a position; null where nothing of it stands.</summary>
    /// <param name="row">The position.</param>
    /// <param name="currency">Its currency.</param>
    /// <param name="totals">Where its events are counted on the way.</param>
    internal static PositionView? View(in SubjectRow row, Currency currency, TotalsByKind totals)
    {
        if (row.Events.IsEmpty) return null;
        var fold = default(PositionFold);
        var reader = row.Read();
        var counted = new EventTotals(totals, currency);
        while (reader.Read())
        {
            counted.Add(reader.Current);
            fold.Add(reader.Current);
        }

        fold.EndDay();
        return new()
        {
            Id = new(Encoding.ASCII.GetString(row.Id)),
            Currency = currency,
            Units = fold._units,
            CostMinorUnits = fold._cost,
            ValueMinorUnits = fold._value?.MinorUnits,
            ValuedOn = fold._value is { } value ? DateOnly.FromDayNumber(value.Day) : null,
            NetInflowMinorUnits = fold._inflow,
        };
    }

    private void Add(in SubjectEvent @event)
    {
        if (@event.Day != _day) EndDay();
        _day = @event.Day;
        switch (@event.Kind)
        {
            case EntryKind.InvestmentBought:
                _bought += @event.Units;
                _boughtFor += @event.MinorUnits;
                _inflow += @event.MinorUnits;
                break;

            case EntryKind.InvestmentSold:
                _sold += @event.Units;
                _inflow -= @event.MinorUnits;
                break;

            case EntryKind.InvestmentValued:
                if (_value is not { } value || (@event.Day, (long)@event.MinorUnits).CompareTo(value) > 0) _value = (@event.Day, (long)@event.MinorUnits);
                break;

            case EntryKind.IncomeOnInvestment:
                _inflow -= @event.MinorUnits;
                break;
        }
    }

    private void EndDay()
    {
        if (_bought != 0)
        {
            var held = _units + _bought;
            _cost = held <= 0 ? 0 : _units >= 0 ? _cost + _boughtFor : Share(_boughtFor, held, _bought);
            _units = held;
        }

        if (_sold != 0)
        {
            _cost = _sold >= _units ? 0 : _cost - Share(_cost, _sold, _units);
            _units -= _sold;
        }

        (_bought, _boughtFor, _sold) = (0, 0, 0);
    }

    /// <summary>Gives the part of a cost that falls to some of the units that it was paid for, rounded to the nearest and upwards at the half.</summary>
    private static Int128 Share(Int128 cost, Int128 units, Int128 ofUnits)
    {
        // 10^15 minor units times 10^23 steps is just what 128 bits hold, and sums may be greater: then the long way.
        if (Int128.Abs(cost) <= long.MaxValue && units <= long.MaxValue) return ((2 * cost * units) + ofUnits) / (2 * ofUnits);
        return (Int128)(((2 * (BigInteger)cost * (BigInteger)units) + (BigInteger)ofUnits) / (2 * (BigInteger)ofUnits));
    }
}
