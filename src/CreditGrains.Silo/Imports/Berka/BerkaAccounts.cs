namespace CreditGrains.Silo.Imports.Berka;

/// <summary>What transactions and loans need to know of an account: whose it is, and which loan is on it.</summary>
/// <param name="Owner">The citizen that the disp file calls OWNER.</param>
internal sealed record BerkaAccount(CitizenId Owner)
{
    /// <summary>Gets or sets the account's loan, as the tradeline it makes; null if it has none. At most one an account.</summary>
    public TradelineId? Loan { get; set; }
}

/// <summary>The accounts of a data set by number.</summary>
internal sealed class BerkaAccounts
{
    private const int ClientId = 0, AccountId = 1, Type = 2;

    private readonly Dictionary<long, BerkaAccount> _accounts = [];

    private BerkaAccounts() { }

    /// <summary>The columns of the disp file that are read.</summary>
    public static string[] Columns => ["client_id", "account_id", "type"];

    /// <summary>Reads the disp file. Its rows are no entries and are not counted; a bad one is refused like any other.</summary>
    /// <param name="file">The file, at its first row.</param>
    /// <param name="pseudonymizer">Names the owners.</param>
    /// <param name="rows">Told of refusals.</param>
    public static BerkaAccounts Read(DelimitedFile file, SubjectPseudonymizer pseudonymizer, IRowObserver rows)
    {
        var accounts = new BerkaAccounts();
        while (file.TryReadRow(out var fault))
        {
            fault ??= accounts.Add(file, pseudonymizer);
            if (fault is not null) rows.RowRefused(file.Place, fault);
        }

        return accounts;
    }

    /// <summary>Finds an account.</summary>
    /// <param name="number">Its number.</param>
    /// <param name="account">The account, if the answer is true.</param>
    public bool TryFind(long number, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out BerkaAccount? account) =>
        _accounts.TryGetValue(number, out account);

    private RowFault? Add(DelimitedFile file, SubjectPseudonymizer pseudonymizer)
    {
        if (FieldText.Number(file.Field(ClientId), out var client) is { } clientFault) return RowFault.Of(clientFault, file.NameOf(ClientId));
        if (FieldText.Number(file.Field(AccountId), out var account) is { } accountFault) return RowFault.Of(accountFault, file.NameOf(AccountId));
        if (file.Field(Type).SequenceEqual("DISPONENT"u8) || file.Field(Type).SequenceEqual("USER"u8)) return null;
        if (!file.Field(Type).SequenceEqual("OWNER"u8)) return RowFault.Of(RowFaultCode.UnknownWord, file.NameOf(Type));

        var owner = pseudonymizer.Pseudonym(BerkaImport.Scheme, client.ToString(System.Globalization.CultureInfo.InvariantCulture));
        return _accounts.TryAdd(account, new(owner)) ? null : RowFault.Of(RowFaultCode.KeyTwice, file.NameOf(AccountId));
    }
}
