namespace CreditGrains.Client;

/// <summary>No silo of the ledger answered. The message says what was tried and what to do next.</summary>
public sealed class LedgerUnreachableException : Exception
{
    /// <summary>Makes the exception.</summary>
    /// <param name="message">What was tried and what to do next.</param>
    /// <param name="inner">What the transport said.</param>
    public LedgerUnreachableException(string message, Exception? inner = null) : base(message, inner) { }
}
