using System.Globalization;

namespace CreditGrains.Silo.Imports.Berka;

/// <summary>Imports the Czech bank's data set of the PKDD'99 challenge: its loans and its transactions.</summary>
/// <remarks>
/// <para>The citizen is the owner of the account, <c>berka:CLIENT_ID</c>; the furnisher is <c>berka</c>; the currency CZK, in whole
/// hellers. Entries are named <c>loan/ID</c> and <c>trans/ID</c>, a tradeline <c>loan/ID</c>.</para>
/// <para>A loan becomes <see cref="EntryKind.LoanOpened"/> on its day. Its status is known only years later and is not recorded.</para>
/// <para>Money in becomes <see cref="EntryKind.PaymentReceived"/>, money out <see cref="EntryKind.PaymentMade"/>; but a loan payment
/// from an account that has a loan becomes <see cref="EntryKind.LoanRepaid"/> of it. Later copies of the data hold a few rows of
/// amount zero, which say nothing: they are refused by name, like every other amount that is not above zero.</para>
/// </remarks>
internal sealed class BerkaImport : IEntrySource
{
    /// <summary>The scheme of the citizens' references, and the furnisher's name.</summary>
    public const string Scheme = "berka";

    private const int LoanId = 0, LoanAccount = 1, LoanDate = 2, LoanAmount = 3, LoanDuration = 4, LoanPayments = 5;
    private const int TransId = 0, TransAccount = 1, TransDate = 2, TransType = 3, TransAmount = 4, TransSymbol = 5;
    private const int MaxTermMonths = 600;

    private static readonly FurnisherId Bank = new(Scheme);
    private static readonly Currency Koruna = Currency.Of("CZK");
    private static readonly string[] LoanColumns = ["loan_id", "account_id", "date", "amount", "duration", "payments"];
    private static readonly string[] TransColumns = ["trans_id", "account_id", "date", "type", "amount", "k_symbol"];

    private readonly string _folder;
    private readonly IReadOnlyList<string> _named;
    private string _disp = "", _loan = "";
    private string[] _transactions = [];
    private long _bytes = 1, _bytesRead;

    /// <summary>Makes an import.</summary>
    /// <param name="folder">The folder with the set's files, under their own names ending in <c>.asc</c> or <c>.csv</c>.</param>
    /// <param name="transactions">The transaction files, each as a path or by its name in the folder; empty takes every <c>trans*</c> in the folder, by name.</param>
    public BerkaImport(string folder, IReadOnlyList<string> transactions) => (_folder, _named) = (folder, transactions);

    /// <inheritdoc/>
    public string Name => Scheme;

    /// <inheritdoc/>
    public double Done => Math.Min(1, (double)Volatile.Read(ref _bytesRead) / _bytes);

    /// <inheritdoc/>
    public void Prepare()
    {
        _disp = InputFile.Find(_folder, "disp.asc", "disp.csv");
        _loan = InputFile.Find(_folder, "loan.asc", "loan.csv");
        _transactions = [.. _named.Count > 0 ? _named.Select(Named) : InFolder()];

        using (DelimitedFile.Open(_disp, ';', BerkaAccounts.Columns)) { }
        using (DelimitedFile.Open(_loan, ';', LoanColumns)) { }
        foreach (var path in _transactions)
            using (DelimitedFile.Open(path, ';', TransColumns)) { }

        _bytes = Math.Max(1, _transactions.Append(_loan).Sum(path => new FileInfo(path).Length));
    }

    /// <inheritdoc/>
    public IEnumerable<PlacedEntry> Read(SubjectPseudonymizer pseudonymizer, IRowObserver rows)
    {
        BerkaAccounts accounts;
        using (var file = DelimitedFile.Open(_disp, ';', BerkaAccounts.Columns))
            accounts = BerkaAccounts.Read(file, pseudonymizer, rows);

        // Loans first: a repayment is told from another payment by the loan on its account.
        foreach (var entry in ReadFile(_loan, LoanColumns, accounts, LoanOf, rows)) yield return entry;
        foreach (var path in _transactions)
            foreach (var entry in ReadFile(path, TransColumns, accounts, TransactionOf, rows)) yield return entry;
    }

    private delegate RowFault? RowReader(DelimitedFile file, BerkaAccounts accounts, out Entry? entry);

    private IEnumerable<PlacedEntry> ReadFile(string path, string[] columns, BerkaAccounts accounts, RowReader read, IRowObserver rows)
    {
        using var file = DelimitedFile.Open(path, ';', columns);
        var before = _bytesRead;
        while (file.TryReadRow(out var fault))
        {
            rows.RowRead();
            Volatile.Write(ref _bytesRead, before + file.BytesRead);
            Entry? entry = null;
            fault ??= read(file, accounts, out entry);
            if (fault is not null) rows.RowRefused(file.Place, fault);
            else if (entry is not null) yield return new(entry, file.Place);
        }
    }

    private static RowFault? LoanOf(DelimitedFile file, BerkaAccounts accounts, out Entry? entry)
    {
        entry = null;
        if (FieldText.Number(file.Field(LoanId), out var loan) is { } id) return Fault(file, id, LoanId);
        if (FieldText.Number(file.Field(LoanAccount), out var number) is { } owner) return Fault(file, owner, LoanAccount);
        if (FieldText.Day19(file.Field(LoanDate), out var day) is { } date) return Fault(file, date, LoanDate);
        if (FieldText.Amount(file.Field(LoanAmount), Koruna, out var principal) is { } amount) return Fault(file, amount, LoanAmount);
        if (FieldText.Number(file.Field(LoanDuration), out var months) is { } duration) return Fault(file, duration, LoanDuration);
        if (months is < 1 or > MaxTermMonths) return new(RowFaultCode.FieldMalformed, file.NameOf(LoanDuration), $"must be from 1 to {MaxTermMonths} months");
        if (FieldText.Amount(file.Field(LoanPayments), Koruna, out var instalment) is { } payments) return Fault(file, payments, LoanPayments);
        if (!accounts.TryFind(number, out var account)) return Fault(file, RowFaultCode.UnknownAccount, LoanAccount);
        if (account.Loan is not null) return new(RowFaultCode.KeyTwice, file.NameOf(LoanAccount), "has a loan in an earlier row; this data has at most one an account");

        var reference = string.Create(CultureInfo.InvariantCulture, $"loan/{loan}");
        account.Loan = new(reference);
        entry = new()
        {
            Citizen = account.Owner,
            Kind = EntryKind.LoanOpened,
            Furnisher = Bank,
            Reference = reference,
            OccurredOn = day,
            Money = new(principal, Koruna),
            Tradeline = account.Loan,
            Detail = new LoanTerms { TermMonths = (int)months, InstalmentMinorUnits = instalment },
        };
        return null;
    }

    private static RowFault? TransactionOf(DelimitedFile file, BerkaAccounts accounts, out Entry? entry)
    {
        entry = null;
        if (FieldText.Number(file.Field(TransId), out var trans) is { } id) return Fault(file, id, TransId);
        if (FieldText.Number(file.Field(TransAccount), out var number) is { } owner) return Fault(file, owner, TransAccount);
        if (FieldText.Day19(file.Field(TransDate), out var day) is { } date) return Fault(file, date, TransDate);
        if (file.Field(TransType).IsEmpty) return Fault(file, RowFaultCode.FieldMissing, TransType);
        if (BerkaWords.KindOf(file.Field(TransType)) is not { } kind) return Fault(file, RowFaultCode.UnknownWord, TransType);
        if (FieldText.Amount(file.Field(TransAmount), Koruna, out var amount) is { } money) return Fault(file, money, TransAmount);
        if (!BerkaWords.TryCategory(file.Field(TransSymbol), out var category)) return Fault(file, RowFaultCode.UnknownWord, TransSymbol);
        if (!accounts.TryFind(number, out var account)) return Fault(file, RowFaultCode.UnknownAccount, TransAccount);

        var repays = kind == EntryKind.PaymentMade && category == BerkaWords.LoanPayment && account.Loan is not null;
        entry = new()
        {
            Citizen = account.Owner,
            Kind = repays ? EntryKind.LoanRepaid : kind,
            Furnisher = Bank,
            Reference = string.Create(CultureInfo.InvariantCulture, $"trans/{trans}"),
            OccurredOn = day,
            Money = new(amount, Koruna),
            Tradeline = repays ? account.Loan : null,
            Category = category,
        };
        return null;
    }

    private static RowFault Fault(DelimitedFile file, RowFaultCode code, int column) => RowFault.Of(code, file.NameOf(column));

    private string[] InFolder()
    {
        var found = InputFile.List(_folder, "trans*");
        return found.Length > 0 ? found : throw new ImportFileException($"{_folder} holds no file that begins with 'trans'. Name the files with --transactions.");
    }

    private string Named(string name) =>
        File.Exists(name) || Path.IsPathRooted(name) || !File.Exists(Path.Combine(_folder, name)) ? name : Path.Combine(_folder, name);
}
