namespace CreditGrains.Ledger;

/// <summary>What is counted in one period on one line.</summary>
/// <param name="Period">A day's number or a month's.</param>
/// <param name="Line">The line, an index into <see cref="Section.Lines"/>.</param>
/// <param name="Count">How many entries, above 0.</param>
/// <param name="MinorUnits">What their money sums to.</param>
internal readonly record struct Cell(int Period, int Line, long Count, Int128 MinorUnits);

/// <summary>Where a section of cells begins and ends in time, so that what arrives in order touches the end alone.</summary>
internal struct CellBounds
{
    /// <summary>The first period; meaningless while the section is empty.</summary>
    internal int First;

    /// <summary>The last period.</summary>
    internal int Last;

    /// <summary>Where in the section the last period's cells begin.</summary>
    internal int LastAt;
}

/// <summary>Reads a section of cells, in the order of period and line.</summary>
/// <remarks>
/// A cell is a byte and a sum. The byte's high half is the step from the line before in the same period (from −1 for the first) and its
/// low half the count; 15 in either says that a varint follows with the rest (the step less 15) or the whole (the count). A byte whose high
/// half is 0 is a step to the next period with cells, by its low half; 15 says that a varint follows with the whole step.
/// </remarks>
internal ref struct CellReader(ReadOnlySpan<byte> bytes, int first)
{
    private readonly ReadOnlySpan<byte> _bytes = bytes;
    private int _line = -1;

    internal int Position { get; private set; }

    /// <summary>Where the cell read last begins, behind a step of the period if there was one.</summary>
    internal int CellAt { get; private set; }

    internal int Period { get; private set; } = first;

    internal int Line => _line;

    internal long Count { get; private set; }

    internal Int128 MinorUnits { get; private set; }

    internal readonly Cell Current => new(Period, _line, Count, MinorUnits);

    /// <summary>Begins at another place than the start: at a period's first cell.</summary>
    internal void StartAt(int position) => Position = position;

    internal bool Read()
    {
        if (Position >= _bytes.Length) return false;
        var position = Position;
        var head = _bytes[position++];
        if (head < 0x10)
        {
            Period += head == Cells.Escape ? (int)Varint.Read(_bytes, ref position) : head;
            _line = -1;
            CellAt = position;
            head = _bytes[position++];
        }
        else
        {
            CellAt = position - 1;
        }

        var step = head >> 4;
        if (step == Cells.Escape) step += (int)Varint.Read(_bytes, ref position);
        _line += step;
        var count = head & 0x0F;
        Count = count == Cells.Escape ? (long)Varint.Read(_bytes, ref position) : count;
        MinorUnits = Varint.ReadAmount(_bytes, ref position);
        Position = position;
        return true;
    }
}

/// <summary>Writes sections of cells.</summary>
internal static class Cells
{
    internal const int Escape = 15;

    private const int MaxCellBytes = 1 + (3 * Varint.MaxLength) + 1 + Varint.MaxLength;

    /// <summary>Adds to a cell, which comes into being with its first entry and goes with its last.</summary>
    internal static void Add(ref Sections sections, Section section, ref CellBounds bounds, in Cell change)
    {
        if (change is { Count: 0, MinorUnits: var none } && none == 0) return;
        var bytes = sections[section];
        if (bytes.Length > 0 && change.Period < bounds.Last)
        {
            AddLate(ref sections, section, ref bounds, change);
            return;
        }

        Span<byte> written = stackalloc byte[MaxCellBytes];
        if (bytes.Length == 0 || change.Period > bounds.Last)
        {
            var stepLength = bytes.Length == 0 ? 0 : WriteStep(written, change.Period - bounds.Last);
            var length = stepLength + WriteCell(written[stepLength..], change.Line + 1, change.Count, change.MinorUnits);
            if (bytes.Length == 0) bounds.First = change.Period;
            bounds.Last = change.Period;
            bounds.LastAt = bytes.Length + stepLength;
            sections.Append(section, written[..length]);
            return;
        }

        AddToLast(ref sections, section, ref bounds, change);
    }

    /// <summary>Takes away the cells of the first period.</summary>
    /// <param name="sections">The state.</param>
    /// <param name="section">Which section; not empty.</param>
    /// <param name="bounds">Its bounds.</param>
    /// <param name="taken">The cells, appended.</param>
    internal static void TakeFirst(ref Sections sections, Section section, ref CellBounds bounds, List<Cell> taken)
    {
        var reader = new CellReader(sections[section], bounds.First);
        var end = 0;
        while (reader.Read() && reader.Period == bounds.First)
        {
            taken.Add(reader.Current);
            end = reader.Position;
        }

        // What follows the first period is the step to the second, where there is one.
        if (reader.Period != bounds.First)
        {
            end = reader.CellAt;
            bounds.First = reader.Period;
            bounds.LastAt -= end;
        }

        sections.Splice(section, 0, end, []);
    }

    private static void AddToLast(ref Sections sections, Section section, ref CellBounds bounds, in Cell change)
    {
        var reader = new CellReader(sections[section], bounds.Last);
        reader.StartAt(bounds.LastAt);
        Span<byte> written = stackalloc byte[2 * MaxCellBytes];
        var before = -1;
        while (reader.Read())
        {
            if (reader.Line < change.Line)
            {
                before = reader.Line;
                continue;
            }

            int length;
            if (reader.Line == change.Line)
            {
                var count = reader.Count + change.Count;
                if (count == 0)
                {
                    AddLate(ref sections, section, ref bounds, change);
                    return;
                }

                length = WriteCell(written, change.Line - before, count, reader.MinorUnits + change.MinorUnits);
            }
            else
            {
                length = WriteCell(written, change.Line - before, change.Count, change.MinorUnits);
                length += WriteCell(written[length..], reader.Line - change.Line, reader.Count, reader.MinorUnits);
            }

            sections.Splice(section, reader.CellAt, reader.Position - reader.CellAt, written[..length]);
            return;
        }

        sections.Append(section, written[..WriteCell(written, change.Line - before, change.Count, change.MinorUnits)]);
    }

    /// <summary>Adds anywhere, by writing the section anew: for what arrives late and for what is undone.</summary>
    private static void AddLate(ref Sections sections, Section section, ref CellBounds bounds, in Cell change)
    {
        List<Cell> cells = new(sections.LengthOf(section) / 2);
        var reader = new CellReader(sections[section], bounds.First);
        while (reader.Read()) cells.Add(reader.Current);

        var at = cells.FindIndex(change, static (cell, sought) => (cell.Period, cell.Line).CompareTo((sought.Period, sought.Line)) >= 0);
        if (at < 0) at = cells.Count;
        if (at < cells.Count && cells[at].Period == change.Period && cells[at].Line == change.Line)
        {
            var sum = cells[at] with { Count = cells[at].Count + change.Count, MinorUnits = cells[at].MinorUnits + change.MinorUnits };
            if (sum.Count == 0) cells.RemoveAt(at);
            else cells[at] = sum;
        }
        else
        {
            cells.Insert(at, change);
        }

        var written = new byte[sections.LengthOf(section) + (3 * MaxCellBytes)];
        sections.Splice(section, 0, sections.LengthOf(section), written.AsSpan(0, WriteAll(written, cells, ref bounds)));
    }

    private static int WriteAll(Span<byte> target, List<Cell> cells, ref CellBounds bounds)
    {
        var length = 0;
        var line = -1;
        bounds = cells.Count == 0 ? default : new() { First = cells[0].Period, Last = cells[0].Period };
        foreach (var cell in cells)
        {
            if (cell.Period != bounds.Last)
            {
                length += WriteStep(target[length..], cell.Period - bounds.Last);
                bounds.Last = cell.Period;
                bounds.LastAt = length;
                line = -1;
            }

            length += WriteCell(target[length..], cell.Line - line, cell.Count, cell.MinorUnits);
            line = cell.Line;
        }

        return length;
    }

    private static int FindIndex(this List<Cell> cells, Cell sought, Func<Cell, Cell, bool> holds)
    {
        for (var index = 0; index < cells.Count; index++)
            if (holds(cells[index], sought)) return index;
        return -1;
    }

    private static int WriteStep(Span<byte> target, int step)
    {
        if (step < Escape)
        {
            target[0] = (byte)step;
            return 1;
        }

        target[0] = Escape;
        return 1 + Varint.Write(target[1..], (ulong)step);
    }

    private static int WriteCell(Span<byte> target, int step, long count, Int128 minorUnits)
    {
        Invariant.Holds(step > 0 && count > 0);
        var length = 1;
        target[0] = (byte)((Math.Min(step, Escape) << 4) | (int)Math.Min(count, Escape));
        if (step >= Escape) length += Varint.Write(target[length..], (ulong)(step - Escape));
        if (count >= Escape) length += Varint.Write(target[length..], (ulong)count);
        return length + Varint.WriteAmount(target[length..], minorUnits);
    }
}
