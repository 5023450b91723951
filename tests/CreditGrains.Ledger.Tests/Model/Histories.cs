using CsCheck;

namespace CreditGrains.Ledger.Tests;

/// <summary>What somebody tries to do to a file, as small numbers that a failing test can shrink.</summary>
internal sealed record Attempt(int Kind, int Day, int Amount, int Subject, int Furnisher, int Category, int Currency, int Target, int Detail);

/// <summary>Random histories of accepted entries: all kinds, several currencies, late entries, reversals, chains of corrections, links.</summary>
internal static class Histories
{
    internal static readonly DateOnly FirstDay = new(2015, 1, 31);

    internal static readonly DateOnly Today = new(2026, 6, 30);

    private static readonly Currency[] Currencies = [Currency.Of("EUR"), Currency.Of("CZK"), Currency.Of("JPY")];

    // Payments, repayments and statements are most of life.
    private static readonly EntryKind[] Kinds =
    [
        EntryKind.PaymentMade, EntryKind.PaymentMade, EntryKind.PaymentMade, EntryKind.PaymentReceived, EntryKind.LoanRepaid, EntryKind.LoanRepaid,
        EntryKind.LoanRepaid, EntryKind.LoanStatementReported, EntryKind.LoanStatementReported, EntryKind.LoanOpened, EntryKind.LoanOpened, EntryKind.LoanDrawn,
        EntryKind.LimitChanged, EntryKind.LoanClosed, EntryKind.LoanChargedOff, EntryKind.TradelineTransferred, EntryKind.GuaranteeGiven,
        EntryKind.InvestmentBought, EntryKind.InvestmentBought, EntryKind.InvestmentSold, EntryKind.InvestmentValued, EntryKind.IncomeOnInvestment,
        EntryKind.IncomeReported, EntryKind.NonCreditObligationReported, EntryKind.PublicRecordReported, EntryKind.ProfileReported,
        EntryKind.IdentityLinked, EntryKind.IdentityUnlinked, EntryKind.InquiryPermitted, EntryKind.EntryReversed, EntryKind.EntryReversed,
        EntryKind.EntryCorrected, EntryKind.EntryCorrected, EntryKind.EntryCorrected,
    ];

    // Days close together, over two years, and beyond all windows; and many on the ends of months.
    private static readonly Gen<int> Days = Gen.Frequency(
        (3, Gen.Int[0, 20]), (3, Gen.Int[0, 130]), (3, Gen.Int[0, 800]), (2, Gen.Int[0, 4_100]),
        (2, Gen.Int[0, 60].Select(month => FirstDay.AddMonths(month).DayNumber - FirstDay.DayNumber)));

    private static readonly Gen<int> Amounts = Gen.Frequency((4, Gen.Int[1, 30]), (4, Gen.Int[100, 3_000]), (1, Gen.Int[0, 1_000_000_000]));

    private static readonly Gen<Attempt> Attempts =
        from kind in Gen.Int[0, Kinds.Length - 1]
        from day in Days
        from amount in Amounts
        from subject in Gen.Int[0, 2]
        from furnisher in Gen.Int[0, 2]
        from category in Gen.Int[0, 3]
        from currency in Gen.Frequency((6, Gen.Const(0)), (1, Gen.Int[0, 2]))
        from target in Gen.Int[0, 1_000]
        from detail in Gen.Int[0, 1_000]
        select new Attempt(kind, day, amount, subject, furnisher, category, currency, target, detail);

    private static readonly EntryKind[] CrowdedKinds =
        [EntryKind.PaymentMade, EntryKind.LoanRepaid, EntryKind.LoanDrawn, EntryKind.LoanStatementReported, EntryKind.InvestmentBought, EntryKind.InvestmentSold, EntryKind.EntryReversed, EntryKind.EntryCorrected];

    // The same few things on the same few days, so that entries meet in one cell or event, and leave it.
    private static readonly Gen<Attempt> CrowdedAttempts =
        from kind in Gen.Int[0, CrowdedKinds.Length - 1]
        from day in Gen.Int[0, 5]
        from amount in Gen.Int[1, 3]
        from target in Gen.Int[0, 1_000]
        from detail in Gen.Int[0, 3].Select(which => new[] { 1, 4, 11, 19 }[which])
        select new Attempt(Array.IndexOf(Kinds, CrowdedKinds[kind]), day, amount, 0, 0, 0, 0, target, detail);

    internal static Gen<Attempt[]> OfLength(int most) => Gen.Frequency((3, Attempts.Array[0, most]), (1, CrowdedAttempts.Array[0, most]));

    internal static CitizenId Citizen(int number) => new(0xC171_2E00_0000_0000 + (ulong)number, 7);

    /// <summary>Has the rules decide on every attempt, as a grain would, and gives what they accepted.</summary>
    internal static List<StoredEntry> Accepted(IEnumerable<Attempt> attempts, int citizen = 0)
    {
        List<StoredEntry> accepted = [];
        CitizenState state = new();
        foreach (var attempt in attempts)
        {
            var entry = EntryOf(attempt, citizen, accepted);
            var isOurs = (byte)entry.Kind >= 100 || entry.Detail is IdentityLink { Role: IdentityRole.Alias };
            if (!isOurs && EntryRules.FirstRefusal(entry, Today) is not null) continue;

            Effect? effect = null;
            if (CorrectionRules.Concern(entry))
            {
                StoredEntry? original = accepted.Where(stored => stored.Entry.Furnisher == entry.Corrects!.Value.Furnisher && stored.Entry.Reference == entry.Corrects.Value.Reference)
                    .Select(stored => (StoredEntry?)stored).SingleOrDefault();
                var finding = CorrectionRules.Find(entry, original, accepted);
                if (finding.Refusal is not null) continue;
                effect = finding.Effect;
            }

            if (state.FirstRefusal(entry, effect) is not null) continue;

            // Two entries a record, and so two of one instant.
            var sequence = 1 + ((ulong)accepted.Count / 2);
            StoredEntry stored = new(entry, effect, sequence, (long)sequence * 1_000);
            accepted.Add(stored);
            state.Apply(stored);
        }

        return accepted;
    }

    /// <summary>Puts a history in another order in which every reversal and correction still comes after what it names.</summary>
    internal static List<StoredEntry> Shuffled(IReadOnlyList<StoredEntry> history, int seed)
    {
        Random random = new(seed);
        var chains = history.GroupBy(stored => stored.Entry.Corrects ?? new(stored.Entry.Furnisher, stored.Entry.Reference)).Select(chain => new Queue<StoredEntry>(chain)).ToList();
        List<StoredEntry> shuffled = [];
        while (chains.Count > 0)
        {
            var at = random.Next(chains.Count);
            shuffled.Add(chains[at].Dequeue());
            if (chains[at].Count == 0) chains.RemoveAt(at);
        }

        return shuffled;
    }

    private static Entry EntryOf(Attempt attempt, int citizen, List<StoredEntry> accepted)
    {
        var kind = Kinds[attempt.Kind];
        var furnisher = new FurnisherId($"bank-{attempt.Furnisher}");
        EntryReference? corrects = null;
        if (kind is EntryKind.EntryReversed or EntryKind.EntryCorrected)
        {
            if (accepted.Count == 0) return Payment(attempt, citizen, accepted.Count);
            var original = accepted[attempt.Target % accepted.Count].Entry;
            corrects = original.Corrects ?? new(original.Furnisher, original.Reference);
            furnisher = original.Furnisher;
        }

        var contentKind = kind == EntryKind.EntryCorrected ? Kinds[attempt.Detail % Kinds.Length] : kind;
        var detail = DetailOf(attempt, contentKind);
        return new()
        {
            Citizen = Histories.Citizen(citizen),
            Kind = kind,
            Furnisher = furnisher,
            Reference = $"ref-{citizen}-{accepted.Count}",
            OccurredOn = FirstDay.AddDays(attempt.Day),
            Money = MoneyOf(attempt, contentKind),
            Tradeline = (byte)contentKind is >= 10 and <= 17 || (contentKind == EntryKind.PaymentMade && attempt.Detail % 4 == 0) ? new TradelineId($"line-{attempt.Subject}") : null,
            Category = contentKind is EntryKind.PublicRecordReported or EntryKind.ProfileReported or EntryKind.TradelineTransferred or EntryKind.IdentityLinked
                or EntryKind.IdentityUnlinked or EntryKind.EntryReversed or EntryKind.InquiryPermitted || attempt.Category == 0 ? null : attempt.Category == 3 ? "penalty-interest" : $"category-{attempt.Category}",
            Corrects = corrects,
            Detail = kind == EntryKind.EntryCorrected ? new Correction { As = contentKind, Detail = detail } : detail,
        };
    }

    private static Entry Payment(Attempt attempt, int citizen, int number) => new()
    {
        Citizen = Citizen(citizen),
        Kind = EntryKind.PaymentMade,
        Furnisher = new($"bank-{attempt.Furnisher}"),
        Reference = $"ref-{citizen}-{number}",
        OccurredOn = FirstDay.AddDays(attempt.Day),
        Money = new Money(1 + attempt.Amount, Currencies[attempt.Currency]),
    };

    private static Money? MoneyOf(Attempt attempt, EntryKind kind) => kind switch
    {
        EntryKind.PublicRecordReported or EntryKind.ProfileReported or EntryKind.TradelineTransferred or EntryKind.IdentityLinked
            or EntryKind.IdentityUnlinked or EntryKind.EntryReversed or EntryKind.InquiryPermitted => null,
        EntryKind.LoanClosed when attempt.Detail % 2 == 0 => null,
        EntryKind.LoanStatementReported => new Money(attempt.Amount - 200, Currencies[attempt.Currency]),
        _ => new Money(attempt.Amount + (attempt.Detail % 7 == 0 ? 100_000_000_000_000 : 0), Currencies[attempt.Currency]),
    };

    private static EntryDetail? DetailOf(Attempt attempt, EntryKind kind) => kind switch
    {
        EntryKind.LoanOpened => new LoanTerms
        {
            Portfolio = (PortfolioType)(1 + (attempt.Detail % 6)),
            TermMonths = attempt.Detail % 4 == 0 ? 0 : 1 + (attempt.Detail % 40),
            InstalmentMinorUnits = attempt.Detail % 4 == 0 ? 0 : 1 + (attempt.Amount % 3_000),
            LimitMinorUnits = attempt.Detail % 3 == 0 ? attempt.Amount : null,
            CoLenders = attempt.Detail % 5 == 0 ? [new(new("bank-9"), 4_000), new(new("bank-0"), 6_000)] : [],
        },
        EntryKind.LoanStatementReported => new LoanStatement
        {
            DaysPastDue = attempt.Detail % 3 == 0 ? attempt.Detail % 100 : 0,
            PastDueMinorUnits = attempt.Detail % 3 == 0 ? attempt.Detail : 0,
            Status = (AccountStatus)(1 + (attempt.Detail % 6)),
        },
        EntryKind.LoanClosed => new LoanClosure { Reason = (ClosureReason)(1 + (attempt.Detail % 5)) },
        EntryKind.TradelineTransferred => new TradelineTransfer { To = new($"bank-{attempt.Detail % 4}") },
        EntryKind.InvestmentBought or EntryKind.InvestmentSold => new InvestmentHolding
        {
            Position = new($"fund-{attempt.Subject}"),
            Units = (Int128)(1 + attempt.Detail) * (attempt.Target % 3 == 0 ? InvestmentHolding.StepsPerUnit * 1_000_000_000 : attempt.Target % 3 == 1 ? 12_345_678 : 1),
        },
        EntryKind.InvestmentValued or EntryKind.IncomeOnInvestment => new InvestmentHolding { Position = new($"fund-{attempt.Subject}") },
        EntryKind.NonCreditObligationReported => new NonCreditObligation { Type = (ObligationType)(1 + (attempt.Detail % 3)), DaysLate = attempt.Detail % 90 },
        EntryKind.PublicRecordReported => new PublicRecord { Type = (PublicRecordType)(1 + (attempt.Detail % 5)) },
        EntryKind.ProfileReported => new CitizenProfile
        {
            Province = attempt.Detail % 3 == 0 ? null : $"province-{attempt.Detail % 4}",
            BirthYear = attempt.Detail % 3 == 1 ? null : 1950 + (attempt.Detail % 4),
        },
        EntryKind.IdentityLinked or EntryKind.IdentityUnlinked => new IdentityLink
        {
            Other = Citizen(1_000 + (attempt.Detail % 3)),
            Role = attempt.Detail % 8 == 0 ? IdentityRole.Alias : IdentityRole.Principal,
        },
        EntryKind.InquiryPermitted => new InquiryDetail { Organisation = new("bank-0"), Purpose = "loan-approval", Product = "report" },
        _ => null,
    };
}
