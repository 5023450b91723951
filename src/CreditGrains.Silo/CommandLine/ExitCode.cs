namespace CreditGrains.Silo.CommandLine;

/// <summary>How the program ends. Scripts depend on these numbers.</summary>
internal static class ExitCode
{
    /// <summary>All was done.</summary>
    public const int Fine = 0;

    /// <summary>The command line, or a file that it names, is not what it must be. Nothing was recorded.</summary>
    public const int Usage = 2;

    /// <summary>What the ledger holds does not verify.</summary>
    public const int Broken = 3;

    /// <summary>Some rows or entries were refused; the others are recorded.</summary>
    public const int SomeRefused = 4;

    /// <summary>The ledger cannot be opened or reached, or stopped answering.</summary>
    public const int Unreachable = 5;

    /// <summary>A silo is not ready for what was asked. What was done until then stands; the command may be given again.</summary>
    public const int NotReady = 6;

    /// <summary>Stopped by the user before the end, as shells report it.</summary>
    public const int Interrupted = 130;
}
