namespace CreditGrains.Silo.CommandLine;

/// <summary>The command was not given what it needs. Ends the program with <see cref="ExitCode.Usage"/>; the message says what to give.</summary>
internal sealed class UsageException : Exception
{
    /// <summary>Makes the exception.</summary>
    /// <param name="message">What was wrong and what to give instead.</param>
    public UsageException(string message) : base(message) { }
}

/// <summary>The ledger cannot be opened, reached or asked. Ends the program with <see cref="ExitCode.Unreachable"/>.</summary>
internal sealed class LedgerNotOpenedException : Exception
{
    /// <summary>Makes the exception.</summary>
    /// <param name="message">What was tried and what to do next.</param>
    /// <param name="inner">What lay behind it.</param>
    public LedgerNotOpenedException(string message, Exception? inner = null) : base(message, inner) { }
}

/// <summary>What the ledger holds does not verify. Ends the program with <see cref="ExitCode.Broken"/>.</summary>
internal sealed class LedgerBrokenException : Exception
{
    /// <summary>Makes the exception.</summary>
    /// <param name="message">Where it is broken and what to do next.</param>
    /// <param name="inner">What lay behind it.</param>
    public LedgerBrokenException(string message, Exception? inner = null) : base(message, inner) { }
}

/// <summary>A silo is not ready for what was asked of the cluster. Ends the program with <see cref="ExitCode.NotReady"/>.</summary>
internal sealed class ClusterNotReadyException : Exception
{
    /// <summary>Makes the exception.</summary>
    /// <param name="message">Which silo, why, and what to do next.</param>
    public ClusterNotReadyException(string message) : base(message) { }
}
