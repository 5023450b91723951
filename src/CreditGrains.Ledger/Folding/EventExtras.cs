using System.Text;

namespace CreditGrains.Ledger;

/// <summary>What an event says beyond its money: the bytes behind it, by kind. Events of other kinds have none.</summary>
/// <remarks>
/// An opening: its <see cref="LoanTerms"/> as <see cref="DetailCodec"/> writes them. A statement: amount past due, days past due, status;
/// nothing at all for the common one, current and without arrears. A closure: its reason. A transfer: to whom, in ASCII.
/// </remarks>
internal static class EventExtras
{
    internal const int MaxBytes = 1_024;

    internal static int Write(EntryDetail? detail, Span<byte> target)
    {
        var writer = new BodyWriter(target);
        switch (detail)
        {
            case LoanTerms terms:
                DetailCodec.Write(terms, ref writer);
                break;

            case LoanStatement { PastDueMinorUnits: 0, DaysPastDue: 0, Status: AccountStatus.Current }:
                break;

            case LoanStatement statement:
                writer.Amount(statement.PastDueMinorUnits);
                writer.Number((ulong)statement.DaysPastDue);
                writer.Byte((byte)statement.Status);
                break;

            case LoanClosure closure:
                writer.Byte((byte)closure.Reason);
                break;

            case TradelineTransfer transfer:
                return Encoding.ASCII.GetBytes(transfer.To.Value, target);
        }

        return writer.Length;
    }

    internal static LoanTerms? TermsOf(ReadOnlySpan<byte> extra)
    {
        if (extra.IsEmpty) return null;
        var reader = new BodyReader(extra);
        var isOpaque = false;
        return DetailCodec.Read(ref reader, ref isOpaque) as LoanTerms;
    }

    internal static (Int128 PastDue, int DaysPastDue, AccountStatus Status) StatementOf(ReadOnlySpan<byte> extra)
    {
        if (extra.IsEmpty) return (0, 0, AccountStatus.Current);
        var position = 0;
        var pastDue = Varint.ReadAmount(extra, ref position);
        var daysPastDue = (int)Varint.Read(extra, ref position);
        return (pastDue, daysPastDue, (AccountStatus)extra[position]);
    }

    internal static FurnisherId TransfereeOf(ReadOnlySpan<byte> extra) => new(Encoding.ASCII.GetString(extra));
}
