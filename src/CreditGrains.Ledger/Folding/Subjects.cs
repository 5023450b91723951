using System.Text;

namespace CreditGrains.Ledger;

/// <summary>Finds and changes the rows of tradelines and positions.</summary>
internal static class Subjects
{
    private const int MaxEventBytes = 7 * Varint.MaxLength;

    /// <summary>The first kind of the ten that a section's events are of.</summary>
    internal static EntryKind FirstKindOf(Section section) => section == Section.Tradelines ? EntryKind.LoanOpened : EntryKind.InvestmentBought;

    /// <summary>Finds a row by its id; false where there is none.</summary>
    internal static bool TryFind(in Sections sections, Section section, string id, out SubjectRow row)
    {
        var bytes = sections[section];
        for (var at = 0; at < bytes.Length; at = row.End)
        {
            row = new(bytes, at, FirstKindOf(section));
            if (Ascii.Equals(row.Id, id)) return true;
        }

        row = default;
        return false;
    }

    /// <summary>Finds a row by id and currency, as merged states keep them apart; false where there is none.</summary>
    internal static bool TryFind(in Sections sections, Section section, ReadOnlySpan<byte> id, int currency, out SubjectRow row)
    {
        var bytes = sections[section];
        for (var at = 0; at < bytes.Length; at = row.End)
        {
            row = new(bytes, at, FirstKindOf(section));
            if (row.Currency == currency && row.Id.SequenceEqual(id)) return true;
        }

        row = default;
        return false;
    }

    internal static int Count(in Sections sections, Section section)
    {
        var bytes = sections[section];
        var count = 0;
        for (var at = 0; at < bytes.Length; count++) at = new SubjectRow(bytes, at, FirstKindOf(section)).End;
        return count;
    }

    /// <summary>Makes a row without events, behind the others.</summary>
    internal static SubjectRow Add(ref Sections sections, Section section, scoped ReadOnlySpan<byte> id, int currency, int home)
    {
        var at = sections.LengthOf(section);
        Span<byte> written = stackalloc byte[1 + EntryRules.MaxReferenceLength + SubjectRow.MaxHeadBytes];
        written[0] = (byte)id.Length;
        id.CopyTo(written[1..]);
        var length = 1 + id.Length;
        length += Varint.Write(written[length..], (ulong)currency);
        length += Varint.Write(written[length..], (ulong)home);
        written.Slice(length, 4).Clear(); // first day, days to the last, where the last begins, bytes of events
        length += 4;
        sections.Append(section, written[..length]);
        return new(sections[section], at, FirstKindOf(section));
    }

    /// <summary>Adds to the event that is like a change, or takes away where the count is negative. The currency is set where none was known.</summary>
    internal static void Change(ref Sections sections, Section section, SubjectRow row, int currency, in SubjectEvent change)
    {
        if (row.Currency == 0) row.Currency = currency;
        if (row.Events.Length > 0 && change.Day < row.LastDay)
        {
            ChangeLate(ref sections, section, row, change);
            return;
        }

        Span<byte> small = stackalloc byte[MaxEventBytes + 64];
        var written = change.Extra.Length <= 64 ? small : new byte[MaxEventBytes + change.Extra.Length];
        if (row.Events.Length == 0 || change.Day > row.LastDay)
        {
            var step = row.Events.Length == 0 ? 0 : change.Day - row.LastDay;
            if (row.Events.Length == 0) row.FirstDay = change.Day;
            row.LastDay = change.Day;
            row.LastAt = row.Events.Length;
            Replace(ref sections, section, row, row.Events.Length, 0, written[..WriteEvent(written, step, row.Home, change)]);
            return;
        }

        var reader = row.Read();
        reader.StartAt(row.LastAt, row.LastDay);
        while (reader.Read())
        {
            if (!reader.Current.IsLike(change)) continue;
            if (reader.Current.Count + change.Count == 0)
            {
                ChangeLate(ref sections, section, row, change);
                return;
            }

            var sum = Sum(reader.Current, change);
            Replace(ref sections, section, row, reader.EventAt, reader.Position - reader.EventAt, written[..WriteEvent(written, reader.Step, row.Home, sum)]);
            return;
        }

        Replace(ref sections, section, row, row.Events.Length, 0, written[..WriteEvent(written, 0, row.Home, change)]);
    }

    /// <summary>Changes events of any day, by writing the row's events anew: for what arrives late and for what is undone.</summary>
    private static void ChangeLate(ref Sections sections, Section section, SubjectRow row, in SubjectEvent change)
    {
        var written = new byte[row.Events.Length + (2 * MaxEventBytes) + change.Extra.Length];
        var length = 0;
        int firstDay = 0, lastDay = 0, lastAt = 0;
        var isDone = false;
        var reader = row.Read();
        while (reader.Read())
        {
            if (!isDone && reader.Current.Day == change.Day && reader.Current.IsLike(change))
            {
                isDone = true;
                var sum = Sum(reader.Current, change);
                if (sum.Count != 0) Write(sum, row.Home);
                continue;
            }

            if (!isDone && reader.Current.Day > change.Day)
            {
                isDone = true;
                Write(change, row.Home);
            }

            Write(reader.Current, row.Home);
        }

        if (!isDone) Write(change, row.Home);
        (row.FirstDay, row.LastDay, row.LastAt) = (firstDay, lastDay, lastAt);
        Replace(ref sections, section, row, 0, row.Events.Length, written.AsSpan(0, length));

        void Write(in SubjectEvent @event, int home)
        {
            if (length == 0) firstDay = lastDay = @event.Day;
            if (@event.Day != lastDay) lastAt = length;
            length += WriteEvent(written.AsSpan(length), @event.Day - lastDay, home, @event);
            lastDay = @event.Day;
        }
    }

    private static SubjectEvent Sum(in SubjectEvent held, in SubjectEvent change)
    {
        var sum = held;
        sum.Count += change.Count;
        if (!SubjectEvent.AddsUp(held.Kind)) return sum;
        sum.MinorUnits += change.MinorUnits;
        sum.Units += change.Units;
        return sum;
    }

    private static void Replace(ref Sections sections, Section section, in SubjectRow row, int at, int removed, ReadOnlySpan<byte> inserted)
    {
        Span<byte> head = stackalloc byte[SubjectRow.MaxHeadBytes];
        var headLength = row.WriteHead(head, row.Events.Length - removed + inserted.Length);
        var (headAt, headEnd) = (row.HeadAt, row.EventsAt);

        // The events first: they lie behind the head, whose length may change.
        sections.Splice(section, headEnd + at, removed, inserted);
        sections.Splice(section, headAt, headEnd - headAt, head[..headLength]);
    }

    private static int WriteEvent(Span<byte> target, int step, int home, in SubjectEvent @event)
    {
        Invariant.Holds(@event.Count > 0);
        var parts = (@event.Category != 0 ? EventReader.HasCategory : 0)
            | (@event.Furnisher != home ? EventReader.HasFurnisher : 0)
            | (@event.Count != 1 ? EventReader.HasCount : 0)
            | (@event.HasMoney ? EventReader.HasMoney : 0)
            | (@event.Extra.Length != 0 ? EventReader.HasExtra : 0);
        var isPlain = parts == EventReader.HasMoney;
        target[0] = (byte)(((int)@event.Kind % 10) | (Math.Min(step, EventReader.LongStep) << EventReader.StepShift) | (isPlain ? 0 : EventReader.HasParts));
        var length = 1;
        if (step >= EventReader.LongStep) length += Varint.Write(target[length..], (ulong)step);
        if (!isPlain) target[length++] = (byte)parts;
        if (@event.Category != 0) length += Varint.Write(target[length..], (ulong)@event.Category);
        if (@event.Furnisher != home) length += Varint.Write(target[length..], (ulong)@event.Furnisher);
        if (@event.Count != 1) length += Varint.Write(target[length..], (ulong)@event.Count);
        if (@event.HasMoney) length += Varint.WriteAmount(target[length..], @event.MinorUnits);
        if (@event.Kind is EntryKind.InvestmentBought or EntryKind.InvestmentSold) length += UnitSteps.Write(target[length..], @event.Units);
        if (@event.Extra.Length == 0) return length;
        length += Varint.Write(target[length..], (ulong)@event.Extra.Length);
        @event.Extra.CopyTo(target[length..]);
        return length + @event.Extra.Length;
    }
}
