using System.Globalization;
using System.Text.Json;

namespace CreditGrains.Silo.Imports.Entries;

/// <summary>Writes entries as JSON, by the schema of <see cref="EntrySchema"/>; what it writes, <see cref="EntryJsonReader"/> reads to the same entry.</summary>
internal static class EntryJsonWriter
{
    /// <summary>Writes the fields of an entry into an object that is open.</summary>
    /// <param name="json">Where to.</param>
    /// <param name="entry">What.</param>
    public static void WriteFields(Utf8JsonWriter json, Entry entry)
    {
        json.WriteString("citizen", entry.Citizen.ToString());
        WriteName(json, "kind", entry.Kind);
        json.WriteString("furnisher", entry.Furnisher.Value);
        json.WriteString("reference", entry.Reference);
        WriteDay(json, "occurredOn", entry.OccurredOn);
        if (entry.Money is { } money)
        {
            json.WriteStartObject("money");
            json.WriteString("currency", money.Currency.ToString());
            json.WriteNumber("minorUnits", money.MinorUnits);
            json.WriteEndObject();
        }

        if (entry.Tradeline is { } tradeline) json.WriteString("tradeline", tradeline.Value);
        if (entry.Category is { } category) json.WriteString("category", category);
        if (entry.DataClass is { } dataClass) WriteName(json, "dataClass", dataClass);
        if (entry.LawfulBasis != LawfulBasis.Contract) WriteName(json, "lawfulBasis", entry.LawfulBasis);
        if (entry.Consent is { } consent) json.WriteString("consent", consent);
        if (entry.Corrects is { } corrects)
        {
            json.WriteStartObject("corrects");
            json.WriteString("furnisher", corrects.Furnisher.Value);
            json.WriteString("reference", corrects.Reference);
            json.WriteEndObject();
        }

        if (entry.RetentionClass != RetentionClass.Standard) WriteName(json, "retentionClass", entry.RetentionClass);
        if (entry.Detail is { } detail) WriteDetail(json, detail);
    }

    private static void WriteDetail(Utf8JsonWriter json, EntryDetail detail)
    {
        json.WriteStartObject("detail");
        switch (detail)
        {
            case LoanTerms terms:
                WriteTerms(json, terms);
                break;
            case LoanStatement statement:
                json.WriteNumber("pastDueMinorUnits", statement.PastDueMinorUnits);
                json.WriteNumber("daysPastDue", statement.DaysPastDue);
                WriteName(json, "status", statement.Status);
                break;
            case LoanClosure closure:
                WriteName(json, "reason", closure.Reason);
                break;
            case TradelineTransfer transfer:
                json.WriteString("to", transfer.To.Value);
                break;
            case InvestmentHolding holding:
                json.WriteString("position", holding.Position.Value);
                json.WriteString("units", UnitsText(holding.Units));
                break;
            case NonCreditObligation obligation:
                WriteName(json, "type", obligation.Type);
                json.WriteNumber("daysLate", obligation.DaysLate);
                break;
            case PublicRecord record:
                WriteName(json, "type", record.Type);
                if (record.EndedOn is { } ended) WriteDay(json, "endedOn", ended);
                break;
            case CitizenProfile profile:
                if (profile.Province is { } province) json.WriteString("province", province);
                if (profile.BirthYear is { } year) json.WriteNumber("birthYear", year);
                break;
            case IdentityLink link:
                json.WriteString("other", link.Other.ToString());
                WriteName(json, "role", link.Role);
                break;
            case Correction correction:
                WriteName(json, "as", correction.As);
                if (correction.Detail is { } now) WriteDetail(json, now);
                break;
            case InquiryDetail inquiry:
                json.WriteString("organisation", inquiry.Organisation.Value);
                json.WriteString("purpose", inquiry.Purpose);
                json.WriteString("product", inquiry.Product);
                json.WriteBoolean("isHard", inquiry.IsHard);
                if (inquiry.Refusal is { } refusal) json.WriteString("refusal", refusal);
                break;
            case ScoreDetail score:
                WriteScore(json, score);
                break;
            default:
                throw new System.Diagnostics.UnreachableException($"No JSON for {detail.GetType().Name}.");
        }

        json.WriteEndObject();
    }

    private static void WriteScore(Utf8JsonWriter json, ScoreDetail score)
    {
        json.WriteString("purpose", score.Purpose);
        WriteName(json, "coverage", score.Coverage);
        json.WriteString("asOf", score.AsOf.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
        json.WriteNumber("knownSequence", score.KnownSequence);
        json.WriteNumber("knownAt", score.KnownAt);
        json.WriteString("scale", score.Scale);
        json.WriteNumber("score", score.Score);
        json.WriteString("model", score.Model);
        json.WriteNumber("version", score.Version);
        json.WriteString("points", score.Points.ToString("R", CultureInfo.InvariantCulture));
        json.WriteNumber("challengerVersion", score.ChallengerVersion);
        json.WriteString("challengerPoints", score.ChallengerPoints.ToString("R", CultureInfo.InvariantCulture));
        json.WriteString("inputsDigest", score.InputsDigest.ToString("x32", CultureInfo.InvariantCulture));
        json.WriteString("reasons", string.Join(',', score.Reasons.AsSpan().ToArray()));
        if (!score.LinkedSequences.IsDefaultOrEmpty) json.WriteString("linkedSequences", string.Join(',', score.LinkedSequences));
    }

    private static void WriteTerms(Utf8JsonWriter json, LoanTerms terms)
    {
        WriteName(json, "portfolio", terms.Portfolio);
        json.WriteNumber("termMonths", terms.TermMonths);
        json.WriteNumber("instalmentMinorUnits", terms.InstalmentMinorUnits);
        if (terms.LimitMinorUnits is { } limit) json.WriteNumber("limitMinorUnits", limit);
        if (terms.CoLenders.IsDefaultOrEmpty) return;
        json.WriteStartArray("coLenders");
        foreach (var lender in terms.CoLenders)
        {
            json.WriteStartObject();
            json.WriteString("organisation", lender.Organisation.Value);
            json.WriteNumber("basisPoints", lender.BasisPoints);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    /// <summary>Writes units of an investment exactly, without trailing zeros.</summary>
    /// <param name="steps">The units in steps of 10^-8.</param>
    public static string UnitsText(Int128 steps)
    {
        var digits = Int128.Abs(steps).ToString(CultureInfo.InvariantCulture).PadLeft(9, '0');
        var text = $"{(steps < 0 ? "-" : "")}{digits[..^8]}.{digits[^8..]}";
        return text.TrimEnd('0').TrimEnd('.');
    }

    /// <summary>Writes a day as YYYY-MM-DD.</summary>
    /// <param name="json">Where to.</param>
    /// <param name="name">The field.</param>
    /// <param name="day">The day.</param>
    public static void WriteDay(Utf8JsonWriter json, string name, DateOnly day) =>
        json.WriteString(name, day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));

    // A number that this build has no name for is written as a number, in quotes.
    private static void WriteName<T>(Utf8JsonWriter json, string name, T value) where T : struct, Enum => json.WriteString(name, value.ToString());
}
