using static CreditGrains.Ledger.ScorecardDocumentRefusal;

namespace CreditGrains.Ledger;

/// <content>That each value of a characteristic, and the lack of one, is in exactly one of its bins.</content>
internal sealed partial class ScorecardDocumentInspection
{
    private void Bins(string path, DocumentCharacteristic characteristic)
    {
        if (characteristic.Bins.IsDefaultOrEmpty)
        {
            Refuse(BinsLeaveOut, $"{path}.bins", "There is no bin.");
            return;
        }

        BinsSeen seen = new();
        for (var index = 0; index < characteristic.Bins.Length && Fault is null; index++)
        {
            var (bin, at) = (characteristic.Bins[index], $"{path}.bins[{index}]");
            Finite($"{at}.points", bin.Points);
            Text($"{at}.rationale", bin.Rationale);
            Finite($"{at}.woe", bin.Woe);
            if (bin.Goods < 0) Refuse(FigureOutOfRange, $"{at}.goods", "There are less than none.");
            if (bin.Bads < 0) Refuse(FigureOutOfRange, $"{at}.bads", "There are less than none.");
            if (characteristic.IsText) TextBin(at, bin.Range, seen);
            else NumberBin(at, bin.Range, seen);
        }

        if (!seen.Missing) Refuse(BinsLeaveOut, $"{path}.bins", "No bin takes what is missing.");
        if (characteristic.IsText && !seen.Unseen) Refuse(BinsLeaveOut, $"{path}.bins", "No bin takes texts that no other bin names.");
        if (!characteristic.IsText && seen.End is not null) Refuse(BinsLeaveOut, $"{path}.bins", "There is no interval, or the last one has an end: what lies beyond is in no bin.");
    }

    private void NumberBin(string path, DocumentRange range, BinsSeen seen)
    {
        switch (range)
        {
            case DocumentRange.Interval interval:
                Interval(path, interval, seen);
                break;
            case DocumentRange.SpecialNumber special:
                Finite($"{path}.special", special.Value);
                if (!seen.Specials.Add(special.Value)) Refuse(BinsOverlap, $"{path}.special", "The special value has a bin already.");
                break;
            case DocumentRange.Missing:
                Missing(path, seen);
                break;
            default:
                Refuse(BinKindWrong, path, "The characteristic is of numbers. Its bins take intervals, special numbers and what is missing.");
                break;
        }
    }

    private void Interval(string path, DocumentRange.Interval interval, BinsSeen seen)
    {
        Finite($"{path}.from", interval.From);
        Finite($"{path}.to", interval.To);
        double from = interval.From ?? double.NegativeInfinity, to = interval.To ?? double.PositiveInfinity, reached = seen.End ?? double.PositiveInfinity;
        if (from < reached) Refuse(BinsOverlap, $"{path}.from", "The interval begins before the one in front of it ends.");
        if (from > reached) Refuse(BinsLeaveOut, $"{path}.from", "The interval begins after the end of the one in front of it, or is the first and has a beginning.");
        if (!(from < to)) Refuse(BinEmpty, path, "The interval does not end after it begins.");
        seen.End = interval.To;
    }

    private void TextBin(string path, DocumentRange range, BinsSeen seen)
    {
        switch (range)
        {
            case DocumentRange.Texts texts:
                if (texts.Values.IsDefaultOrEmpty) Refuse(BinEmpty, $"{path}.values", "The bin names no text.");
                else
                    for (var index = 0; index < texts.Values.Length; index++) Named($"{path}.values[{index}]", texts.Values[index], seen);
                break;
            case DocumentRange.SpecialText special:
                Named($"{path}.special", special.Value, seen);
                break;
            case DocumentRange.Missing:
                Missing(path, seen);
                break;
            case DocumentRange.Unseen:
                if (seen.Unseen) Refuse(BinsOverlap, path, "A bin takes unseen texts already.");
                seen.Unseen = true;
                break;
            default:
                Refuse(BinKindWrong, path, "The characteristic is of texts. Its bins take texts, special texts, what is missing and what is unseen.");
                break;
        }
    }

    private void Named(string path, string text, BinsSeen seen)
    {
        Text(path, text);
        if (!seen.Texts.Add(text)) Refuse(BinsOverlap, path, $"The text '{JsonCursor.Shortened(text)}' is in a bin already.");
    }

    private void Missing(string path, BinsSeen seen)
    {
        if (seen.Missing) Refuse(BinsOverlap, path, "A bin takes what is missing already.");
        seen.Missing = true;
    }

    /// <summary>What the bins looked at so far take.</summary>
    private sealed class BinsSeen
    {
        internal HashSet<string> Texts { get; } = new(StringComparer.Ordinal);

        internal HashSet<double> Specials { get; } = [];

        internal bool Missing { get; set; }

        internal bool Unseen { get; set; }

        /// <summary>Gets or sets the number below which each is in an interval: negative infinity before the first, null after one without end.</summary>
        internal double? End { get; set; } = double.NegativeInfinity;
    }
}
