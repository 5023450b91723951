using System.Collections.Immutable;

namespace CreditGrains.Ledger;

/// <summary>Reads one bin of a document. What it takes is told by which field it has: from and to, values, special, missing or unseen.</summary>
internal static class ScorecardJsonBin
{
    private static readonly DocumentBin Nothing = new(new DocumentRange.Missing(), 0);

    internal static DocumentBin Read(ref JsonCursor json)
    {
        double? from = null, to = null, woe = null;
        bool hasFrom = false, hasTo = false;
        List<DocumentRange> ranges = [];
        var points = 0.0;
        string? rationale = null;
        long? goods = null, bads = null;
        if (!json.BeginObject()) return Nothing;
        while (json.NextField(out var name))
        {
            switch (name)
            {
                case "from": (from, hasFrom) = (json.NumberOrNull(), true); break;
                case "to": (to, hasTo) = (json.NumberOrNull(), true); break;
                case "values": ranges.Add(new DocumentRange.Texts(Texts(ref json))); break;
                case "special": ranges.Add(json.IsText ? new DocumentRange.SpecialText(json.Text()) : new DocumentRange.SpecialNumber(json.Number())); break;
                case "missing":
                    json.True();
                    ranges.Add(new DocumentRange.Missing());
                    break;
                case "unseen":
                    json.True();
                    ranges.Add(new DocumentRange.Unseen());
                    break;
                case "points": points = json.Number(); break;
                case "rationale": rationale = json.Text(); break;
                case "woe": woe = json.Number(); break;
                case "goods": goods = json.WholeNumber(); break;
                case "bads": bads = json.WholeNumber(); break;
                default: json.RefuseField(); break;
            }
        }

        if (hasFrom || hasTo) ranges.Add(new DocumentRange.Interval(from, to));
        if (ranges.Count != 1) json.Refuse(ScorecardDocumentRefusal.BinKindWrong, "A bin has either from and to, or values, or special, or missing, or unseen, and only one of these.");
        if (hasFrom != hasTo) json.End("from", "to", "points");
        else json.End("points");
        return new(ranges.Count == 0 ? Nothing.Range : ranges[0], points) { Rationale = rationale, Woe = woe, Goods = goods, Bads = bads };
    }

    private static ImmutableArray<string> Texts(ref JsonCursor json)
    {
        if (!json.BeginList()) return [];
        var texts = ImmutableArray.CreateBuilder<string>();
        while (json.NextItem()) texts.Add(json.Text());
        return texts.ToImmutable();
    }
}
