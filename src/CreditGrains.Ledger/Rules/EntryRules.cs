using System.Buffers;

namespace CreditGrains.Ledger;

/// <summary>What an entry must be in itself, before anything of the citizen is looked at.</summary>
/// <remarks>
/// The checks run in the order of <see cref="RecordRefusal"/>, from <see cref="RecordRefusal.UnknownKind"/> to
/// <see cref="RecordRefusal.CoLenderSharesWrong"/>, each over all fields before the next, and fields in the order of the envelope, the
/// detail last: the first that applies is the one given. What depends on the citizen comes after:
/// <see cref="CorrectionRules"/> and <see cref="CitizenState.FirstRefusal"/>. Nothing in an entry makes them throw.
/// </remarks>
public static class EntryRules
{
    /// <summary>The largest amount either way, in minor units, and the largest number of whole units of an investment.</summary>
    public const long MaxMinorUnits = 1_000_000_000_000_000;

    /// <summary>The longest reference, in characters.</summary>
    public const int MaxReferenceLength = 128;

    private const int MaxNameLength = 32;
    private const int MaxIdLength = 64;
    private const int MaxTermMonths = 600;
    private const int MaxDays = 9_999;
    private const int MaxCoLenders = 16;
    private const int WholeInBasisPoints = 10_000;

    private static readonly DateOnly FirstDay = new(1900, 1, 1);

    private static readonly SearchValues<char> NameCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-");

    /// <summary>Tells why an entry cannot be accepted whatever the citizen's file holds.</summary>
    /// <param name="entry">The entry as it was sent.</param>
    /// <param name="today">The day of recording, in the ledger's zone.</param>
    /// <returns>The first refusal that applies, or null if none does.</returns>
    public static RecordOutcome? FirstRefusal(Entry? entry, DateOnly today)
    {
        if (entry is null) return Refused(RecordRefusal.FieldMissing, "entry");
        if (KindTable.FormOf(entry.Kind) is not { } form) return Refused(RecordRefusal.UnknownKind, "kind");
        if (!form.IsFurnished) return Refused(RecordRefusal.KindNotFurnishable, "kind");
        if (entry.Detail is IdentityLink { Role: IdentityRole.Alias }) return Refused(RecordRefusal.KindNotFurnishable, "detail.role");

        var judged = Judged.Of(entry, form);
        return FirstMissing(entry, judged)
            ?? FirstNotAllowed(entry, judged)
            ?? FirstMalformed(entry, judged, today)
            ?? FirstUnknownCurrency(entry)
            ?? FirstAmountOutOfRange(entry, judged)
            ?? FirstDateWrong(entry, judged, today)
            ?? FirstShareWrong(judged);
    }

    /// <summary>Tells which class of data an entry is: its own word, else its kind's.</summary>
    /// <param name="entry">The entry.</param>
    public static DataClass DataClassOf(Entry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        return entry.DataClass ?? KindTable.FormOf(new Content(entry).Kind)?.DataClass ?? DataClass.Credit;
    }

    private static RecordOutcome? FirstMissing(Entry entry, Judged judged)
    {
        if (entry.Citizen == default) return Refused(RecordRefusal.FieldMissing, "citizen");
        if (entry.Furnisher.Value is null) return Refused(RecordRefusal.FieldMissing, "furnisher");
        if (entry.Reference is null) return Refused(RecordRefusal.FieldMissing, "reference");
        if (judged.Form.Money == Has.Must && entry.Money is null) return Refused(RecordRefusal.FieldMissing, "money");
        if (judged.Form.Tradeline == Has.Must && entry.Tradeline?.Value is null) return Refused(RecordRefusal.FieldMissing, "tradeline");
        if (entry.LawfulBasis == LawfulBasis.Consent && entry.Consent is null) return Refused(RecordRefusal.FieldMissing, "consent");
        if (NamesAnother(entry))
        {
            if (entry.Corrects is not { } corrects) return Refused(RecordRefusal.FieldMissing, "corrects");
            if (corrects.Furnisher.Value is null) return Refused(RecordRefusal.FieldMissing, "corrects.furnisher");
            if (corrects.Reference is null) return Refused(RecordRefusal.FieldMissing, "corrects.reference");
        }

        if (entry.Kind == EntryKind.EntryCorrected && entry.Detail is null) return Refused(RecordRefusal.FieldMissing, "detail");
        if (judged.Form.Detail is null) return null;
        return judged.Detail switch
        {
            null => Refused(RecordRefusal.FieldMissing, judged.Path),
            TradelineTransfer { To.Value: null } => Refused(RecordRefusal.FieldMissing, judged.Path + ".to"),
            InvestmentHolding { Position.Value: null } => Refused(RecordRefusal.FieldMissing, judged.Path + ".position"),
            CitizenProfile { Province: null, BirthYear: null } => Refused(RecordRefusal.FieldMissing, judged.Path + ".province"),
            IdentityLink link when link.Other == default => Refused(RecordRefusal.FieldMissing, judged.Path + ".other"),
            _ => null,
        };
    }

    private static RecordOutcome? FirstNotAllowed(Entry entry, Judged judged)
    {
        if (judged.Form.Money == Has.No && entry.Money is not null) return Refused(RecordRefusal.FieldNotAllowed, "money");
        if (judged.Form.Tradeline == Has.No && entry.Tradeline is not null) return Refused(RecordRefusal.FieldNotAllowed, "tradeline");
        if (judged.Form.Category == Has.No && entry.Category is not null) return Refused(RecordRefusal.FieldNotAllowed, "category");
        if (entry.LawfulBasis != LawfulBasis.Consent && entry.Consent is not null) return Refused(RecordRefusal.FieldNotAllowed, "consent");
        if (!NamesAnother(entry) && entry.Corrects is not null) return Refused(RecordRefusal.FieldNotAllowed, "corrects");
        if (judged.Form.Detail is null && judged.Detail is not null) return Refused(RecordRefusal.FieldNotAllowed, judged.Path);
        return null;
    }

    private static RecordOutcome? FirstMalformed(Entry entry, Judged judged, DateOnly today)
    {
        if (!IsName(entry.Furnisher.Value)) return Malformed("furnisher");
        if (!IsId(entry.Reference, MaxReferenceLength)) return Malformed("reference");
        if (entry.Tradeline is { } tradeline && !IsId(tradeline.Value, MaxIdLength)) return Malformed("tradeline");
        if (entry.Category is { } category && !IsName(category)) return Malformed("category");
        if (entry.DataClass is { } dataClass && !MayBeOf(dataClass, judged.Form.DataClass)) return Malformed("dataClass");
        if (entry.LawfulBasis is < LawfulBasis.Consent or > LawfulBasis.Court) return Malformed("lawfulBasis");
        if (entry.Consent is { } consent && !IsPrintable(consent, MaxIdLength)) return Malformed("consent");
        if (entry.Corrects is { } corrects)
        {
            if (!IsName(corrects.Furnisher.Value)) return Malformed("corrects.furnisher");
            if (!IsId(corrects.Reference, MaxReferenceLength)) return Malformed("corrects.reference");
        }

        if (entry.RetentionClass is < RetentionClass.Standard or > RetentionClass.LongAdverse) return Malformed("retentionClass");
        if (entry.Kind == EntryKind.EntryCorrected)
        {
            if (entry.Detail is not Correction correction) return Malformed("detail");
            if (KindTable.FormOf(correction.As) is not { IsCorrectable: true }) return Malformed("detail.as");
        }

        if (judged.Form.Detail is null || judged.Detail is null) return null;
        if (judged.Detail.GetType() != judged.Form.Detail) return Malformed(judged.Path);
        return MalformedPart(judged, today) is { } part ? Malformed(judged.Path + part) : null;
    }

    /// <summary>Names the first part of a detail that does not have its form; null where all have.</summary>
    private static string? MalformedPart(Judged judged, DateOnly today)
    {
        switch (judged.Detail)
        {
            case LoanTerms terms:
                if (terms.Portfolio is < PortfolioType.Instalment or > PortfolioType.Lease) return ".portfolio";
                if (terms.TermMonths is < 0 or > MaxTermMonths) return ".termMonths";

                // A term without an instalment says no more than no schedule, and an instalment without a term has no end.
                if (terms.TermMonths == 0 != (terms.InstalmentMinorUnits == 0)) return ".instalmentMinorUnits";
                if (terms.CoLenders.AsSpan().Length > MaxCoLenders) return ".coLenders";
                foreach (var coLender in terms.CoLenders.AsSpan())
                    if (!IsName(coLender.Organisation.Value) || coLender.BasisPoints is < 1 or > WholeInBasisPoints) return ".coLenders";
                return null;

            case LoanStatement statement:
                if (statement.DaysPastDue is < 0 or > MaxDays) return ".daysPastDue";
                return statement.Status is < AccountStatus.Current or > AccountStatus.Settled ? ".status" : null;

            case LoanClosure closure:
                return closure.Reason is < ClosureReason.Paid or > ClosureReason.Repossessed ? ".reason" : null;

            case TradelineTransfer transfer:
                return IsName(transfer.To.Value) ? null : ".to";

            case InvestmentHolding holding:
                if (!IsId(holding.Position.Value, MaxIdLength)) return ".position";
                var moves = judged.Form.Kind is EntryKind.InvestmentBought or EntryKind.InvestmentSold;
                return moves ? holding.Units <= 0 || holding.Units > (Int128)MaxMinorUnits * InvestmentHolding.StepsPerUnit ? ".units" : null
                    : holding.Units != 0 ? ".units" : null;

            case NonCreditObligation obligation:
                if (obligation.Type is < ObligationType.Telecom or > ObligationType.Rent) return ".type";
                return obligation.DaysLate is < 0 or > MaxDays ? ".daysLate" : null;

            case PublicRecord record:
                return record.Type is < PublicRecordType.Judgment or > PublicRecordType.Bankruptcy ? ".type" : null;

            case CitizenProfile profile:
                if (profile.Province is { } province && !IsName(province)) return ".province";
                return profile.BirthYear is { } year && (year < FirstDay.Year || year > today.Year) ? ".birthYear" : null;

            case IdentityLink link:
                return link.Role == IdentityRole.Principal ? null : ".role";

            default:
                return null;
        }
    }

    private static RecordOutcome? FirstUnknownCurrency(Entry entry) =>
        entry.Money is { Currency.IsKnown: false } ? Refused(RecordRefusal.UnknownCurrency, "money.currency") : null;

    private static RecordOutcome? FirstAmountOutOfRange(Entry entry, Judged judged)
    {
        if (entry.Money is { MinorUnits: var minorUnits })
        {
            var lowest = judged.Form.Amounts switch
            {
                Amounts.Any => -MaxMinorUnits,
                Amounts.ZeroOrMore => judged.Detail is LoanTerms terms && !IsDrawnAtWill(terms.Portfolio) ? 1 : 0,
                _ => 1,
            };
            if (minorUnits < lowest || minorUnits > MaxMinorUnits) return Refused(RecordRefusal.AmountOutOfRange, "money.minorUnits");
        }

        return judged.Detail switch
        {
            LoanTerms { InstalmentMinorUnits: < 0 or > MaxMinorUnits } => Refused(RecordRefusal.AmountOutOfRange, judged.Path + ".instalmentMinorUnits"),
            LoanTerms { LimitMinorUnits: < 0 or > MaxMinorUnits } => Refused(RecordRefusal.AmountOutOfRange, judged.Path + ".limitMinorUnits"),
            LoanStatement { PastDueMinorUnits: < 0 or > MaxMinorUnits } => Refused(RecordRefusal.AmountOutOfRange, judged.Path + ".pastDueMinorUnits"),
            _ => null,
        };
    }

    private static RecordOutcome? FirstDateWrong(Entry entry, Judged judged, DateOnly today)
    {
        var endedOn = (judged.Detail as PublicRecord)?.EndedOn;
        if (entry.OccurredOn < FirstDay) return Refused(RecordRefusal.DateOutOfRange, "occurredOn");
        if (endedOn < FirstDay) return Refused(RecordRefusal.DateOutOfRange, judged.Path + ".endedOn");
        if (entry.OccurredOn > today) return Refused(RecordRefusal.FutureDated, "occurredOn");
        if (endedOn > today) return Refused(RecordRefusal.FutureDated, judged.Path + ".endedOn");
        return null;
    }

    private static RecordOutcome? FirstShareWrong(Judged judged)
    {
        if (judged.Detail is not LoanTerms { CoLenders: { IsDefaultOrEmpty: false } coLenders }) return null;
        var sum = 0;
        for (var index = 0; index < coLenders.Length; index++)
        {
            sum += coLenders[index].BasisPoints;
            for (var earlier = 0; earlier < index; earlier++)
                if (coLenders[earlier].Organisation == coLenders[index].Organisation) return Refused(RecordRefusal.CoLenderSharesWrong, judged.Path + ".coLenders");
        }

        return sum == WholeInBasisPoints ? null : Refused(RecordRefusal.CoLenderSharesWrong, judged.Path + ".coLenders");
    }

    // A furnisher may call ordinary data more sensitive than its kind, and never call sensitive data ordinary: that would show it without its consent.
    private static bool MayBeOf(DataClass said, DataClass own) =>
        said == own || (own is DataClass.Credit or DataClass.NonCredit && said is >= DataClass.Credit and <= DataClass.Identity);

    private static bool IsDrawnAtWill(PortfolioType portfolio) => portfolio is PortfolioType.Revolving or PortfolioType.LineOfCredit or PortfolioType.Open;

    private static bool NamesAnother(Entry entry) => entry.Kind is EntryKind.EntryReversed or EntryKind.EntryCorrected;

    private static bool IsName(string? text) => text is { Length: >= 1 and <= MaxNameLength } && !text.AsSpan().ContainsAnyExcept(NameCharacters);

    private static bool IsId(string? text, int maxLength) => text is { Length: >= 1 } && text.Length <= maxLength && !text.AsSpan().ContainsAnyExceptInRange('!', '~');

    private static bool IsPrintable(string text, int maxLength) => text.Length >= 1 && text.Length <= maxLength && !text.AsSpan().ContainsAnyExceptInRange(' ', '~');

    private static RecordOutcome Malformed(string field) => Refused(RecordRefusal.FieldMalformed, field);

    private static RecordOutcome Refused(RecordRefusal refusal, string field) => RecordOutcome.Refused(refusal, field);

    /// <summary>The form that an entry's content is held against: its kind's, or that of the kind a corrected entry becomes.</summary>
    private readonly record struct Judged(KindForm Form, EntryDetail? Detail, string Path)
    {
        internal static Judged Of(Entry entry, KindForm form)
        {
            if (form.Kind != EntryKind.EntryCorrected) return new(form, entry.Detail, "detail");

            // A correction into no such kind is refused as malformed; until then nothing but its envelope can be judged.
            return entry.Detail is Correction correction && KindTable.FormOf(correction.As) is { IsCorrectable: true } becomes
                ? new(becomes, correction.Detail, "detail.detail")
                : new(form with { Detail = null }, null, "detail");
        }
    }
}
