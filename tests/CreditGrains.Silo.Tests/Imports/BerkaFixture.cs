namespace CreditGrains.Silo.Tests.Imports;

/// <summary>A small data set of the bank's form, made up: two accounts, one with a co-owner and a loan.</summary>
internal static class BerkaFixture
{
    public const string Disp =
        "\"disp_id\";\"client_id\";\"account_id\";\"type\"\r\n" +
        "1;11;1;\"OWNER\"\r\n" +
        "2;22;2;\"OWNER\"\r\n" +
        "3;33;2;\"DISPONENT\"\r\n";

    public const string Loan =
        "\"loan_id\";\"account_id\";\"date\";\"amount\";\"duration\";\"payments\";\"status\"\r\n" +
        "900;2;930705;96396;12;8033.00;\"B\"\r\n";

    public const string Header = "\"trans_id\";\"account_id\";\"date\";\"type\";\"operation\";\"amount\";\"balance\";\"k_symbol\";\"bank\";\"account\"";

    public static void Write(TempFolder folder, params string[] rows)
    {
        folder.Write("disp.asc", Disp);
        folder.Write("loan.asc", Loan);
        folder.Write("trans.asc", string.Join("\r\n", [Header, .. rows, ""]));
    }
}
