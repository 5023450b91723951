namespace CreditGrains.Silo.Imports.Entries;

/// <summary>The schema of entries in JSON: what <c>import entries</c> reads and <c>history</c> writes.</summary>
/// <remarks>The names of fields, kinds and lists are those of the contracts; the text is what <c>import entries --help</c> shows.</remarks>
internal static class EntrySchema
{
    /// <summary>The schema, for people.</summary>
    public const string Text =
        """
        One entry, one JSON object, one line:

          {"citizen":"national:4711","kind":"PaymentMade","furnisher":"harbour-bank","reference":"2024-03/17",
           "occurredOn":"2024-03-09","money":{"currency":"CNY","minorUnits":12050},"category":"groceries"}

        Fields. The first five are needed; the others where the kind has them.
          citizen         "scheme:id", which the ledger's key turns into a pseudonym; or a pseudonym of 32 hexadecimal digits
          kind            PaymentMade PaymentReceived LoanOpened LoanDrawn LoanRepaid LoanStatementReported LimitChanged LoanClosed
                          LoanChargedOff TradelineTransferred GuaranteeGiven InvestmentBought InvestmentSold InvestmentValued
                          IncomeOnInvestment IncomeReported NonCreditObligationReported PublicRecordReported ProfileReported
                          IdentityLinked IdentityUnlinked EntryReversed EntryCorrected
          furnisher       who says so: 1 to 32 of a-z, 0-9 and hyphen
          reference       the furnisher's own name for the entry. The same entry sent twice is recorded once.
          occurredOn      the day, YYYY-MM-DD
          money           {"currency":"CNY","minorUnits":12050}: whole minor units, never a fraction
          tradeline       the account at the furnisher; loan kinds need one
          category        what the money was for: 1 to 32 of a-z, 0-9 and hyphen
          corrects        {"furnisher":..., "reference":...}: what EntryReversed or EntryCorrected is about
          dataClass       Credit NonCredit Income Investment PublicRecord Identity; the kind's own if absent
          lawfulBasis     Consent Contract LegalDuty PublicTask Court; Contract if absent
          consent         the consent's name, where lawfulBasis is Consent
          retentionClass  Standard Adverse LongAdverse; Standard if absent
          detail          an object that depends on the kind:
            LoanOpened                   portfolio (Instalment Revolving Mortgage LineOfCredit Open Lease), termMonths,
                                         instalmentMinorUnits, limitMinorUnits, coLenders [{"organisation","basisPoints"}]
            LoanStatementReported        pastDueMinorUnits, daysPastDue, status (Current PastDue NoDue ChargedOff Collection Settled)
            LoanClosed                   reason (Paid ByCitizen ByFurnisher Settled Repossessed)
            TradelineTransferred         to
            Investment..., IncomeOn...   position, units (a decimal of at most 8 places, "12.5"; absent for a value or an income)
            NonCreditObligationReported  type (Telecom Utility Rent), daysLate
            PublicRecordReported         type (Judgment Enforcement TaxArrears AdministrativePenalty Bankruptcy), endedOn
            ProfileReported              province, birthYear
            IdentityLinked, -Unlinked    other (as citizen)
            EntryCorrected               as (the kind it is now), detail (of that kind)

        A field that is not listed is refused, so that a misspelled one is not lost. sequence, index and recordedAt, which 'history'
        prints, are passed over.

        Lines that are refused go to FILE.refused.jsonl beside the file, as {"file","line","field","code","message"}; the others are
        recorded and the exit code is 4.
        """;
}
