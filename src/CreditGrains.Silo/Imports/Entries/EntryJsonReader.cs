using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.Unicode;

namespace CreditGrains.Silo.Imports.Entries;

/// <summary>Reads entries from JSON, one object an entry, by the schema of <see cref="EntrySchema"/>.</summary>
/// <remarks>It looks at form only. Whether the ledger accepts an entry is the ledger's to say.</remarks>
/// <param name="pseudonymizer">Names citizens written <c>scheme:id</c>.</param>
internal sealed class EntryJsonReader(SubjectPseudonymizer pseudonymizer)
{
    private const int UnitDecimals = 8;

    // With 8 decimals added this stays within 128 bits.
    private const int MaxUnitCharacters = 30;

    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 8 };

    /// <summary>Reads one line.</summary>
    /// <param name="line">The line, in UTF-8.</param>
    /// <param name="entry">The entry; null if there is a fault.</param>
    /// <returns>What is wrong; null if nothing is.</returns>
    public RowFault? Read(ReadOnlyMemory<byte> line, out Entry? entry)
    {
        entry = null;
        if (line.Span.Contains((byte)0)) return RowFault.Of(RowFaultCode.HoldsNul);
        if (!Utf8.IsValid(line.Span)) return RowFault.Of(RowFaultCode.NotUtf8);
        try
        {
            using var document = JsonDocument.Parse(line, Strict);
            if (document.RootElement.ValueKind != JsonValueKind.Object) return RowFault.Of(RowFaultCode.NotJson);
            var fields = new JsonFields(document.RootElement);
            var read = EntryOf(fields);
            if (fields.Fault is null) entry = read;
            return fields.Fault;
        }
        catch (JsonException) when (IsJson(line))
        {
            return RowFault.Of(RowFaultCode.FieldTwice);
        }
        catch (JsonException)
        {
            return RowFault.Of(RowFaultCode.NotJson);
        }
    }

    private static bool IsJson(ReadOnlyMemory<byte> line)
    {
        try
        {
            using var document = JsonDocument.Parse(line, Strict with { AllowDuplicateProperties = true });
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private Entry EntryOf(JsonFields fields)
    {
        // What `history` prints beside the entry, so that its lines can be imported as they are.
        fields.Whole("sequence");
        fields.Whole("index");
        fields.Text("recordedAt");

        var kind = KindOf(fields, "kind") ?? default;
        if (kind == default) fields.Missing("kind");
        var occurredOn = fields.Day("occurredOn");
        if (occurredOn is null) fields.Missing("occurredOn");
        var entry = new Entry
        {
            Citizen = CitizenOf(fields, "citizen") ?? default,
            Kind = kind,
            Furnisher = new(fields.NeededText("furnisher")),
            Reference = fields.NeededText("reference"),
            OccurredOn = occurredOn ?? default,
            Money = MoneyOf(fields.Object("money")),
            Tradeline = fields.Text("tradeline") is { } tradeline ? new TradelineId(tradeline) : null,
            Category = fields.Text("category"),
            DataClass = fields.Name<DataClass>("dataClass"),
            LawfulBasis = fields.Name<LawfulBasis>("lawfulBasis") ?? LawfulBasis.Contract,
            Consent = fields.Text("consent"),
            Corrects = ReferenceOf(fields.Object("corrects")),
            RetentionClass = fields.Name<RetentionClass>("retentionClass") ?? RetentionClass.Standard,
            Detail = DetailOf(kind, fields, "detail"),
        };
        fields.Close();
        return entry;
    }

    private EntryDetail? DetailOf(EntryKind kind, JsonFields owner, string name)
    {
        if (owner.Object(name) is not { } fields) return null;
        EntryDetail? detail = kind switch
        {
            EntryKind.LoanOpened => TermsOf(fields),
            EntryKind.LoanStatementReported => new LoanStatement
            {
                PastDueMinorUnits = fields.Whole("pastDueMinorUnits") ?? 0,
                DaysPastDue = fields.Small("daysPastDue") ?? 0,
                Status = fields.Name<AccountStatus>("status") ?? AccountStatus.Current,
            },
            EntryKind.LoanClosed => new LoanClosure { Reason = fields.Name<ClosureReason>("reason") ?? ClosureReason.Paid },
            EntryKind.TradelineTransferred => new TradelineTransfer { To = new(fields.NeededText("to")) },
            EntryKind.InvestmentBought or EntryKind.InvestmentSold or EntryKind.InvestmentValued or EntryKind.IncomeOnInvestment =>
                new InvestmentHolding { Position = new(fields.NeededText("position")), Units = UnitsOf(fields, "units") },
            EntryKind.NonCreditObligationReported => new NonCreditObligation
            {
                Type = fields.Name<ObligationType>("type") ?? Needed<ObligationType>(fields, "type"),
                DaysLate = fields.Small("daysLate") ?? 0,
            },
            EntryKind.PublicRecordReported => new PublicRecord
            {
                Type = fields.Name<PublicRecordType>("type") ?? Needed<PublicRecordType>(fields, "type"),
                EndedOn = fields.Day("endedOn"),
            },
            EntryKind.ProfileReported => new CitizenProfile { Province = fields.Text("province"), BirthYear = fields.Small("birthYear") },
            EntryKind.IdentityLinked or EntryKind.IdentityUnlinked => new IdentityLink
            {
                Other = CitizenOf(fields, "other") ?? default,
                Role = fields.Name<IdentityRole>("role") ?? IdentityRole.Principal,
            },
            EntryKind.EntryCorrected => CorrectionOf(fields),
            EntryKind.InquiryPermitted or EntryKind.InquiryRefused => new InquiryDetail
            {
                Organisation = new(fields.NeededText("organisation")),
                Purpose = fields.NeededText("purpose"),
                Product = fields.NeededText("product"),
                IsHard = fields.Flag("isHard") ?? false,
                Refusal = fields.Text("refusal"),
            },
            EntryKind.ScoreComputed => ScoreOf(fields),
            _ => owner.Wrong<EntryDetail>(name, "does not go with this kind"),
        };
        if (detail is not null) fields.Close();
        return detail;
    }

    /// <summary>Reads what <c>history</c> printed of a score. The ledger refuses it: nobody furnishes scores.</summary>
    private static ScoreDetail ScoreOf(JsonFields fields) => new()
    {
        Purpose = fields.NeededText("purpose"),
        Coverage = fields.Name<Coverage>("coverage") ?? default,
        AsOf = fields.Day("asOf") ?? default,
        KnownSequence = (ulong)Math.Max(0, fields.Whole("knownSequence") ?? 0),
        KnownAt = fields.Whole("knownAt") ?? 0,
        Scale = fields.NeededText("scale"),
        Score = fields.Small("score") ?? 0,
        Model = fields.Text("model") ?? "",
        Version = fields.Small("version") ?? 0,
        Points = NumberOf(fields, "points"),
        ChallengerVersion = fields.Small("challengerVersion") ?? 0,
        ChallengerPoints = NumberOf(fields, "challengerPoints"),
        InputsDigest = DigestOf(fields, "inputsDigest"),
        Reasons = [.. (fields.Text("reasons") ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries)],
        LinkedSequences = SequencesOf(fields, "linkedSequences"),
    };

    private static ImmutableArray<ulong> SequencesOf(JsonFields fields, string name)
    {
        var sequences = ImmutableArray.CreateBuilder<ulong>();
        foreach (var text in (fields.Text(name) ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            if (ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var sequence)) sequences.Add(sequence);
            else fields.Wrong<object>(name, "must be whole numbers with commas between them");
        }

        return sequences.DrainToImmutable();
    }

    private static UInt128 DigestOf(JsonFields fields, string name)
    {
        if (UInt128.TryParse(fields.NeededText(name), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var digest)) return digest;
        fields.Wrong<object>(name, "must be 32 hexadecimal digits");
        return default;
    }

    private static double NumberOf(JsonFields fields, string name)
    {
        if (double.TryParse(fields.NeededText(name), NumberStyles.Float, CultureInfo.InvariantCulture, out var number)) return number;
        fields.Wrong<object>(name, "must be a number in quotes");
        return 0;
    }

    private static LoanTerms TermsOf(JsonFields fields) => new()
    {
        Portfolio = fields.Name<PortfolioType>("portfolio") ?? PortfolioType.Instalment,
        TermMonths = fields.Small("termMonths") ?? 0,
        InstalmentMinorUnits = fields.Whole("instalmentMinorUnits") ?? 0,
        LimitMinorUnits = fields.Whole("limitMinorUnits"),
        CoLenders = [.. fields.Objects("coLenders").Select(CoLenderOf)],
    };

    private static CoLender CoLenderOf(JsonFields fields)
    {
        var share = fields.Small("basisPoints");
        if (share is null) fields.Missing("basisPoints");
        var lender = new CoLender(new(fields.NeededText("organisation")), share ?? 0);
        fields.Close();
        return lender;
    }

    private Correction CorrectionOf(JsonFields fields)
    {
        var kind = KindOf(fields, "as") ?? Needed<EntryKind>(fields, "as");
        return kind != EntryKind.EntryCorrected
            ? new() { As = kind, Detail = DetailOf(kind, fields, "detail") }
            : fields.Wrong<Correction>("as", "must be the kind that the entry is now, not a correction") ?? new();
    }

    private CitizenId? CitizenOf(JsonFields fields, string name)
    {
        if (fields.Text(name) is not { } text)
        {
            fields.Missing(name);
            return null;
        }

        if (CitizenId.TryParse(text, out var id)) return id;
        try
        {
            return pseudonymizer.Pseudonym(text);
        }
        catch (ArgumentException)
        {
            fields.Wrong<object>(name, $"must be scheme:id, each part of 1 to {SubjectPseudonymizer.MaxPartBytes} bytes, or a pseudonym of {CitizenId.TextLength} hexadecimal digits");
            return null;
        }
    }

    private static EntryKind? KindOf(JsonFields fields, string name) => fields.Name<EntryKind>(name);

    private static Money? MoneyOf(JsonFields? fields)
    {
        if (fields is null) return null;
        var code = fields.NeededText("currency");
        if (!Currency.TryParse(code, out var currency))
            fields.Wrong<object>("currency", RowFault.Of(RowFaultCode.UnknownCurrency).Message, RowFaultCode.UnknownCurrency);
        var minorUnits = fields.Whole("minorUnits");
        if (minorUnits is null) fields.Missing("minorUnits");
        fields.Close();
        return new Money(minorUnits ?? 0, currency);
    }

    private static EntryReference? ReferenceOf(JsonFields? fields)
    {
        if (fields is null) return null;
        var reference = new EntryReference(new(fields.NeededText("furnisher")), fields.NeededText("reference"));
        fields.Close();
        return reference;
    }

    private static Int128 UnitsOf(JsonFields fields, string name)
    {
        if (fields.NumberText(name) is not { } text) return 0;
        var point = text.IndexOf('.', StringComparison.Ordinal);
        var decimals = point < 0 ? 0 : text.Length - point - 1;
        if (decimals <= UnitDecimals && text.Length <= MaxUnitCharacters && point != 0 && point != text.Length - 1
            && Int128.TryParse(
                (point < 0 ? text : text.Remove(point, 1)) + new string('0', UnitDecimals - decimals),
                NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var steps))
            return steps;

        fields.Wrong<object>(name, $"must be a decimal number with at most {UnitDecimals} decimals, such as \"12.5\"");
        return 0;
    }

    private static T Needed<T>(JsonFields fields, string name) where T : struct
    {
        fields.Missing(name);
        return default;
    }
}
