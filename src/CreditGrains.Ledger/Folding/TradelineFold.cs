using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace CreditGrains.Ledger;

/// <summary>Tells what is known of a tradeline as of a day, from its events up to that day.</summary>
/// <remarks>
/// <para>Where the set of entries leaves a choice, it is made by their content, never by their order: the statement that speaks for a day is
/// the one with the most days past due, then the greatest amount past due, balance and status; the limit of a day is the greatest; a
/// tradeline is opened by the first opening, closed by the first closure, and held by the transferee of the last transfer.</para>
/// <para>The grid ends with the month of closure: later cells would say nothing, and the closing month's cell is the value on the day of
/// closure. A charge-off ends nothing, for the debt remains.</para>
/// </remarks>
internal ref struct TradelineFold
{
    private readonly ReadOnlySpan<string> _furnishers;
    private readonly int _asOf;
    private readonly int _asOfMonth;

    private int _firstDay;
    private string? _firstFurnisher;
    private Opening? _opening;
    private int? _closedOn;
    private int? _chargedOffOn;
    private Int128 _chargedOff;
    private Int128 _drawn;
    private Int128 _repaid;
    private Int128 _repaidUntilClosure;
    private (int Day, long MinorUnits)? _limit;
    private (int Day, FurnisherId To)? _transfer;
    private bool _isStated;
    private Statement _statement;

    // What was drawn less what was repaid on days after the statement's.
    private Int128 _movedSince;

    // Both of the 60 months that a grid can show, the as-of day's last; what was repaid before them is in the sum alone.
    private MonthlySums _repaidIn;
    private MonthlyDays _reportedIn;
    private Int128 _repaidBefore;

    private TradelineFold(ReadOnlySpan<string> furnishers, int asOf)
    {
        _furnishers = furnishers;
        _asOf = asOf;
        _asOfMonth = Calendar.MonthOf(asOf);
        ((Span<int>)_reportedIn).Fill(TradelineView.Unknown);
    }

    /// <summary>Makes the view of a tradeline; null where nothing of it stands.</summary>
    /// <param name="row">The tradeline.</param>
    /// <param name="currency">Its currency.</param>
    /// <param name="furnishers">The furnishers' names, by index.</param>
    /// <param name="asOf">The day; none of the events is later.</param>
    /// <param name="totals">Where its events are counted on the way.</param>
    internal static TradelineView? View(in SubjectRow row, Currency currency, ReadOnlySpan<string> furnishers, int asOf, TotalsByKind totals)
    {
        if (row.Events.IsEmpty) return null;
        var fold = new TradelineFold(furnishers, asOf);
        fold.Read(row, new(totals, currency));
        return fold.View(row, currency);
    }

    private void Read(in SubjectRow row, EventTotals totals)
    {
        _firstDay = row.FirstDay;
        var (statedOn, statedDaysPastDue) = (-1, 0);
        var month = 0;
        var monthEnd = -1;
        var reader = row.Read();
        while (reader.Read())
        {
            ref readonly var @event = ref reader.Current;
            totals.Add(@event);
            if (@event.Day > monthEnd)
            {
                (month, monthEnd) = Calendar.MonthAround(@event.Day);
                statedOn = -1;
            }

            if (@event.Day == _firstDay && string.CompareOrdinal(_furnishers[@event.Furnisher], _firstFurnisher ?? "~") < 0)
                _firstFurnisher = _furnishers[@event.Furnisher];

            switch (@event.Kind)
            {
                case EntryKind.LoanOpened:
                    var opening = new Opening(@event.Day, (long)@event.MinorUnits, EventExtras.TermsOf(@event.Extra), _furnishers[@event.Furnisher]);
                    if (_opening is null || opening.CompareTo(_opening) < 0) _opening = opening;
                    break;

                case EntryKind.LoanDrawn:
                    _drawn += @event.MinorUnits;
                    if (_isStated && @event.Day > _statement.Day) _movedSince += @event.MinorUnits;
                    break;

                case EntryKind.LoanRepaid:
                    Repay(@event.Day, month, @event.MinorUnits);
                    if (_isStated && @event.Day > _statement.Day) _movedSince -= @event.MinorUnits;
                    break;

                case EntryKind.LoanStatementReported:
                    var statement = Statement.Of(@event);
                    if (!_isStated || statement.CompareTo(_statement) > 0)
                    {
                        // Nothing read so far is of a later day.
                        (_isStated, _statement, _movedSince) = (true, statement, 0);
                    }

                    // Of the month's last day with a statement, the most days past due.
                    if (@event.Day > statedOn || statement.DaysPastDue > statedDaysPastDue) (statedOn, statedDaysPastDue) = (@event.Day, statement.DaysPastDue);
                    if (_asOfMonth - month < Calendar.MonthsKept) _reportedIn[CellOf(month)] = statedDaysPastDue;
                    break;

                case EntryKind.LimitChanged:
                    if (_limit is not { } limit || (@event.Day, (long)@event.MinorUnits).CompareTo(limit) > 0) _limit = (@event.Day, (long)@event.MinorUnits);
                    break;

                case EntryKind.LoanClosed:
                    if (_closedOn is null) _repaidUntilClosure = _repaid;
                    _closedOn ??= @event.Day;
                    break;

                case EntryKind.LoanChargedOff:
                    _chargedOffOn ??= @event.Day;
                    _chargedOff += @event.MinorUnits;
                    break;

                case EntryKind.TradelineTransferred:
                    var to = EventExtras.TransfereeOf(@event.Extra);
                    if (_transfer is not { } transfer || @event.Day > transfer.Day || string.CompareOrdinal(to.Value, transfer.To.Value) > 0)
                        _transfer = (@event.Day, to);
                    break;
            }
        }
    }

    private void Repay(int day, int month, Int128 minorUnits)
    {
        _repaid += minorUnits;
        if (_closedOn is null || day <= _closedOn) _repaidUntilClosure += minorUnits;
        if (_asOfMonth - month < Calendar.MonthsKept) _repaidIn[CellOf(month)] += minorUnits;
        else _repaidBefore += minorUnits;
    }

    private readonly TradelineView View(in SubjectRow row, Currency currency)
    {
        var schedule = _opening is { Terms: { } known } ? new RepaymentSchedule(DateOnly.FromDayNumber(_opening.Day), known, currency) : default;
        var grid = Grid(schedule);
        return new()
        {
            Id = new(Encoding.ASCII.GetString(row.Id)),
            Furnisher = _transfer?.To ?? new(_opening?.Furnisher ?? _firstFurnisher!),
            Currency = currency,
            OpenedOn = _opening is null ? null : DateOnly.FromDayNumber(_opening.Day),
            Terms = _opening?.Terms,
            PrincipalMinorUnits = _opening?.Principal,
            DrawnMinorUnits = _drawn,
            RepaidMinorUnits = _repaid,
            OutstandingMinorUnits = Outstanding(schedule),
            LimitMinorUnits = Limit(),
            DaysPastDue = _closedOn is not null ? 0 : grid is [>= 0, ..] ? grid[0] : null,
            Grid = ImmutableCollectionsMarshal.AsImmutableArray(grid),
            Status = _isStated ? _statement.Status : null,
            ClosedOn = DayOf(_closedOn),
            ChargedOffOn = DayOf(_chargedOffOn),
            ChargedOffMinorUnits = _chargedOff,
        };
    }

    private readonly Int128? Outstanding(in RepaymentSchedule schedule)
    {
        if (_closedOn is not null) return 0;
        if (_isStated) return _statement.Balance + _movedSince;
        if (_opening is null) return null;
        var lent = schedule.Exists ? schedule.Sum : _opening.Principal;
        return Int128.Max(0, lent + _drawn - _repaid);
    }

    private readonly long? Limit() =>
        _opening is { Terms.LimitMinorUnits: { } agreed } && !(_limit?.Day >= _opening.Day) ? agreed : _limit?.MinorUnits;

    private readonly short[] Grid(in RepaymentSchedule schedule)
    {
        var newest = _closedOn is { } closedOn ? Math.Min(_asOfMonth, Calendar.MonthOf(closedOn)) : _asOfMonth;
        var oldest = Math.Max(_asOfMonth - Calendar.MonthsKept + 1, Calendar.MonthOf(_opening?.Day ?? _firstDay));
        if (newest < oldest) return [];

        var grid = new short[newest - oldest + 1];
        var repaid = _repaidBefore;
        for (var month = Math.Max(_asOfMonth - Calendar.MonthsKept + 1, Calendar.MonthOf(_firstDay)); month <= newest; month++)
        {
            repaid += _repaidIn[CellOf(month)];
            if (month < oldest) continue;
            var isLast = _closedOn is not null && month == Calendar.MonthOf(_closedOn.Value);
            var daysPastDue = _reportedIn[CellOf(month)];
            if (daysPastDue == TradelineView.Unknown && schedule.Exists)
            {
                daysPastDue = isLast
                    ? schedule.DaysPastDue(_closedOn!.Value, _repaidUntilClosure)
                    : schedule.DaysPastDue(month == _asOfMonth ? _asOf : Calendar.LastDayOf(month), repaid);
            }

            grid[newest - month] = (short)Math.Min(daysPastDue, short.MaxValue);
        }

        return grid;
    }

    private readonly int CellOf(int month) => Calendar.MonthsKept - 1 - (_asOfMonth - month);

    private static DateOnly? DayOf(int? dayNumber) => dayNumber is { } day ? DateOnly.FromDayNumber(day) : null;

    [InlineArray(Calendar.MonthsKept)]
    private struct MonthlySums
    {
        private Int128 _first;
    }

    [InlineArray(Calendar.MonthsKept)]
    private struct MonthlyDays
    {
        private int _first;
    }

    /// <summary>A statement, ordered by how much it speaks for the tradeline: later days first, then the graver.</summary>
    private readonly record struct Statement(int Day, int DaysPastDue, Int128 PastDue, Int128 Balance, AccountStatus Status)
    {
        internal static Statement Of(in SubjectEvent @event)
        {
            var (pastDue, daysPastDue, status) = EventExtras.StatementOf(@event.Extra);
            return new(@event.Day, daysPastDue, pastDue, @event.MinorUnits, status);
        }

        internal int CompareTo(in Statement other)
        {
            if (Day != other.Day) return Day.CompareTo(other.Day);
            if (DaysPastDue != other.DaysPastDue) return DaysPastDue.CompareTo(other.DaysPastDue);
            if (PastDue != other.PastDue) return PastDue.CompareTo(other.PastDue);
            return Balance != other.Balance ? Balance.CompareTo(other.Balance) : ((int)Status).CompareTo((int)other.Status);
        }
    }

    /// <summary>An opening. Two stand only where a person's ids are read together; the first by day and then by content is meant.</summary>
    private sealed record Opening(int Day, long Principal, LoanTerms? Terms, string Furnisher)
    {
        internal int CompareTo(Opening other)
        {
            if (Day != other.Day) return Day.CompareTo(other.Day);
            if (Principal != other.Principal) return other.Principal.CompareTo(Principal);
            var byTerms = Compare(Terms, other.Terms);
            return byTerms != 0 ? byTerms : string.CompareOrdinal(Furnisher, other.Furnisher);
        }

        // Known terms before unknown; then the longer term, the greater instalment and limit, the lower portfolio, the co-lenders as listed.
        private static int Compare(LoanTerms? left, LoanTerms? right)
        {
            if (left is null || right is null) return (left is null ? 1 : 0) - (right is null ? 1 : 0);
            if (left.TermMonths != right.TermMonths) return right.TermMonths.CompareTo(left.TermMonths);
            if (left.InstalmentMinorUnits != right.InstalmentMinorUnits) return right.InstalmentMinorUnits.CompareTo(left.InstalmentMinorUnits);
            if (left.LimitMinorUnits != right.LimitMinorUnits) return Nullable.Compare(right.LimitMinorUnits, left.LimitMinorUnits);
            if (left.Portfolio != right.Portfolio) return ((int)left.Portfolio).CompareTo((int)right.Portfolio);
            for (var index = 0; index < Math.Min(left.CoLenders.Length, right.CoLenders.Length); index++)
            {
                var (one, two) = (left.CoLenders[index], right.CoLenders[index]);
                var byName = string.CompareOrdinal(one.Organisation.Value, two.Organisation.Value);
                if (byName != 0) return byName;
                if (one.BasisPoints != two.BasisPoints) return one.BasisPoints.CompareTo(two.BasisPoints);
            }

            return left.CoLenders.Length.CompareTo(right.CoLenders.Length);
        }
    }
}
