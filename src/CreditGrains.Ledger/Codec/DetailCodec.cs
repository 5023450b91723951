namespace CreditGrains.Ledger;

/// <summary>The bytes of each type of <see cref="EntryDetail"/>.</summary>
/// <remarks>
/// A detail is its code, its length and that many bytes, so that a build that does not know a code can pass over it. Fields are
/// written in the order of their ids; new ones go behind the old and are absent in old bytes. Codes are never reused.
/// </remarks>
internal static class DetailCodec
{
    private const int MaxCoLenders = 16;
    private const int MaxReasons = 4;
    private const int MaxLinked = 256;

    private enum Code : byte
    {
        LoanTerms = 1,
        LoanStatement = 2,
        LoanClosure = 3,
        TradelineTransfer = 4,
        InvestmentHolding = 5,
        NonCreditObligation = 6,
        PublicRecord = 7,
        CitizenProfile = 8,
        IdentityLink = 9,
        Correction = 10,
        Inquiry = 11,
        Score = 12,
    }

    internal static void Write(EntryDetail detail, ref BodyWriter writer)
    {
        var codeAt = writer.Length;
        writer.Byte(0);
        var lengthAt = writer.BeginLength();
        var code = WriteBody(detail, ref writer);
        writer.EndLength(lengthAt);
        writer.Patch(codeAt, (byte)code);
    }

    /// <summary>Reads a detail; null, and the entry opaque, where its code is not known.</summary>
    internal static EntryDetail? Read(ref BodyReader reader, ref bool isOpaque)
    {
        var code = (Code)reader.Byte("detail");
        var body = reader.Slice((int)reader.Number("detail", EntryCodec.MaxBodyBytes), "detail");
        var inner = new BodyReader(body);
        EntryDetail? detail = code switch
        {
            Code.LoanTerms => ReadTerms(ref inner),
            Code.LoanStatement => new LoanStatement
            {
                PastDueMinorUnits = inner.Amount("detail.pastDueMinorUnits"),
                DaysPastDue = (int)inner.Number("detail.daysPastDue", int.MaxValue),
                Status = (AccountStatus)inner.Byte("detail.status"),
            },
            Code.LoanClosure => new LoanClosure { Reason = (ClosureReason)inner.Byte("detail.reason") },
            Code.TradelineTransfer => new TradelineTransfer { To = new(inner.Text("detail.to")) },
            Code.InvestmentHolding => new InvestmentHolding { Position = new(inner.Text("detail.position")), Units = inner.Signed("detail.units") },
            Code.NonCreditObligation => new NonCreditObligation
            {
                Type = (ObligationType)inner.Byte("detail.type"),
                DaysLate = (int)inner.Number("detail.daysLate", int.MaxValue),
            },
            Code.PublicRecord => new PublicRecord
            {
                Type = (PublicRecordType)inner.Byte("detail.type"),
                EndedOn = inner.Flag("detail.endedOn") ? inner.Day("detail.endedOn") : null,
            },
            Code.CitizenProfile => new CitizenProfile
            {
                Province = inner.Flag("detail.province") ? inner.Text("detail.province") : null,
                BirthYear = inner.Flag("detail.birthYear") ? (int)inner.Number("detail.birthYear", int.MaxValue) : null,
            },
            Code.IdentityLink => new IdentityLink { Other = inner.Citizen("detail.other"), Role = (IdentityRole)inner.Byte("detail.role") },
            Code.Correction => ReadCorrection(ref inner, ref isOpaque),
            Code.Inquiry => new InquiryDetail
            {
                Organisation = new(inner.Text("detail.organisation")),
                Purpose = inner.Text("detail.purpose"),
                Product = inner.Text("detail.product"),
                IsHard = inner.Flag("detail.isHard"),
                Refusal = inner.Flag("detail.refusal") ? inner.Text("detail.refusal") : null,
            },
            Code.Score => ReadScore(ref inner),
            _ => null,
        };

        // More bytes than this build reads are fields of a later one: what the detail says is not wholly known.
        if (detail is null || !inner.IsAtEnd) isOpaque = true;
        return detail;
    }

    private static Code WriteBody(EntryDetail detail, ref BodyWriter body)
    {
        switch (detail)
        {
            case LoanTerms terms:
                body.Byte((byte)terms.Portfolio);
                body.Number((ulong)terms.TermMonths);
                body.Signed(terms.InstalmentMinorUnits);
                body.Byte(terms.LimitMinorUnits is null ? (byte)0 : (byte)1);
                if (terms.LimitMinorUnits is { } limit) body.Signed(limit);
                body.Number((ulong)(terms.CoLenders.IsDefault ? 0 : terms.CoLenders.Length));
                foreach (var coLender in terms.CoLenders.AsSpan())
                {
                    body.Text(coLender.Organisation.Value, "detail.coLenders.organisation");
                    body.Number((ulong)coLender.BasisPoints);
                }

                return Code.LoanTerms;

            case LoanStatement statement:
                body.Signed(statement.PastDueMinorUnits);
                body.Number((ulong)statement.DaysPastDue);
                body.Byte((byte)statement.Status);
                return Code.LoanStatement;

            case LoanClosure closure:
                body.Byte((byte)closure.Reason);
                return Code.LoanClosure;

            case TradelineTransfer transfer:
                body.Text(transfer.To.Value, "detail.to");
                return Code.TradelineTransfer;

            case InvestmentHolding holding:
                body.Text(holding.Position.Value, "detail.position");
                body.Signed(holding.Units);
                return Code.InvestmentHolding;

            case NonCreditObligation obligation:
                body.Byte((byte)obligation.Type);
                body.Number((ulong)obligation.DaysLate);
                return Code.NonCreditObligation;

            case PublicRecord record:
                body.Byte((byte)record.Type);
                body.Byte(record.EndedOn is null ? (byte)0 : (byte)1);
                if (record.EndedOn is { } endedOn) body.Day(endedOn);
                return Code.PublicRecord;

            case CitizenProfile profile:
                body.Byte(profile.Province is null ? (byte)0 : (byte)1);
                if (profile.Province is { } province) body.Text(province, "detail.province");
                body.Byte(profile.BirthYear is null ? (byte)0 : (byte)1);
                if (profile.BirthYear is { } birthYear) body.Number((ulong)birthYear);
                return Code.CitizenProfile;

            case IdentityLink link:
                body.Citizen(link.Other);
                body.Byte((byte)link.Role);
                return Code.IdentityLink;

            case Correction correction:
                body.Byte((byte)correction.As);
                body.Byte(correction.Detail is null ? (byte)0 : (byte)1);
                if (correction.Detail is { } inner) Write(inner, ref body);
                return Code.Correction;

            case InquiryDetail inquiry:
                body.Text(inquiry.Organisation.Value, "detail.organisation");
                body.Text(inquiry.Purpose, "detail.purpose");
                body.Text(inquiry.Product, "detail.product");
                body.Byte(inquiry.IsHard ? (byte)1 : (byte)0);
                body.Byte(inquiry.Refusal is null ? (byte)0 : (byte)1);
                if (inquiry.Refusal is { } refusal) body.Text(refusal, "detail.refusal");
                return Code.Inquiry;

            case ScoreDetail score:
                WriteScore(score, ref body);
                return Code.Score;

            default:
                throw new ArgumentException($"{detail.GetType().Name} has no code.", nameof(detail));
        }
    }

    private static LoanTerms ReadTerms(ref BodyReader inner)
    {
        var portfolio = (PortfolioType)inner.Byte("detail.portfolio");
        var termMonths = (int)inner.Number("detail.termMonths", int.MaxValue);
        var instalment = inner.Amount("detail.instalmentMinorUnits");
        long? limit = inner.Flag("detail.limitMinorUnits") ? inner.Amount("detail.limitMinorUnits") : null;
        var coLenders = new CoLender[(int)inner.Number("detail.coLenders", MaxCoLenders)];
        for (var index = 0; index < coLenders.Length; index++)
            coLenders[index] = new(new(inner.Text("detail.coLenders.organisation")), (int)inner.Number("detail.coLenders.basisPoints", int.MaxValue));

        return new()
        {
            Portfolio = portfolio,
            TermMonths = termMonths,
            InstalmentMinorUnits = instalment,
            LimitMinorUnits = limit,
            CoLenders = [.. coLenders],
        };
    }

    private static void WriteScore(ScoreDetail score, ref BodyWriter body)
    {
        body.Text(score.Purpose, "detail.purpose");
        body.Byte((byte)score.Coverage);
        body.Day(score.AsOf);
        body.Number(score.KnownSequence);
        body.Signed(score.KnownAt);
        body.Text(score.Scale, "detail.scale");
        body.Number((ulong)score.Score);
        body.Text(score.Model, "detail.model");
        body.Number((ulong)score.Version);
        body.Wide(BitConverter.DoubleToUInt64Bits(score.Points));
        body.Number((ulong)score.ChallengerVersion);
        body.Wide(BitConverter.DoubleToUInt64Bits(score.ChallengerPoints));
        body.Wide((ulong)(score.InputsDigest >> 64));
        body.Wide((ulong)(score.InputsDigest & ulong.MaxValue));
        body.Number((ulong)score.Reasons.AsSpan().Length);
        foreach (var reason in score.Reasons.AsSpan()) body.Text(reason, "detail.reasons");
        body.Number((ulong)score.LinkedSequences.AsSpan().Length);
        foreach (var sequence in score.LinkedSequences.AsSpan()) body.Number(sequence);
    }

    private static ScoreDetail ReadScore(ref BodyReader inner)
    {
        var detail = new ScoreDetail
        {
            Purpose = inner.Text("detail.purpose"),
            Coverage = (Coverage)inner.Byte("detail.coverage"),
            AsOf = inner.Day("detail.asOf"),
            KnownSequence = inner.Number("detail.knownSequence", ulong.MaxValue),
            KnownAt = inner.Amount("detail.knownAt"),
            Scale = inner.Text("detail.scale"),
            Score = (int)inner.Number("detail.score", int.MaxValue),
            Model = inner.Text("detail.model"),
            Version = (int)inner.Number("detail.version", int.MaxValue),
            Points = BitConverter.UInt64BitsToDouble(inner.Wide("detail.points")),
            ChallengerVersion = (int)inner.Number("detail.challengerVersion", int.MaxValue),
            ChallengerPoints = BitConverter.UInt64BitsToDouble(inner.Wide("detail.challengerPoints")),
            InputsDigest = ((UInt128)inner.Wide("detail.inputsDigest") << 64) | inner.Wide("detail.inputsDigest"),
        };
        var reasons = new string[(int)inner.Number("detail.reasons", MaxReasons)];
        for (var index = 0; index < reasons.Length; index++) reasons[index] = inner.Text("detail.reasons");
        var linked = new ulong[(int)inner.Number("detail.linkedSequences", MaxLinked)];
        for (var index = 0; index < linked.Length; index++) linked[index] = inner.Number("detail.linkedSequences", ulong.MaxValue);
        return detail with { Reasons = [.. reasons], LinkedSequences = [.. linked] };
    }

    private static Correction ReadCorrection(ref BodyReader inner, ref bool isOpaque)
    {
        var kind = (EntryKind)inner.Byte("detail.as");
        var detail = inner.Flag("detail.detail") ? Read(ref inner, ref isOpaque) : null;
        if (!KindTable.Knows(kind)) isOpaque = true;
        return new() { As = kind, Detail = detail };
    }
}
