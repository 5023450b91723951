using System.CommandLine;

namespace CreditGrains.Silo.CommandLine;

/// <summary>Runs a silo in the foreground: what <c>serve</c> does.</summary>
internal interface ILedgerServer
{
    /// <summary>Gets the options that <c>serve</c> has beyond those of every command. The same instances each time.</summary>
    IReadOnlyList<Option> Options { get; }

    /// <summary>Serves until it is asked to stop, then leaves in good order.</summary>
    /// <param name="request">What was asked for on the command line.</param>
    /// <param name="stop">Asks it to stop.</param>
    /// <exception cref="LedgerNotOpenedException">The ledger cannot be opened or a port is taken. The message says what to do next.</exception>
    /// <exception cref="LedgerBrokenException">What the ledger holds does not verify.</exception>
    /// <exception cref="UsageException">An option is not what it must be.</exception>
    Task ServeAsync(ServeRequest request, CancellationToken stop);
}

/// <summary>What was asked of <c>serve</c>.</summary>
/// <param name="Location">The ledger to serve, or the silo to join.</param>
/// <param name="Parsed">The command line, to read <see cref="ILedgerServer.Options"/> from.</param>
/// <param name="Output">Standard output.</param>
/// <param name="Error">Standard error.</param>
/// <param name="Json">Whether a program reads the output.</param>
/// <param name="IsPlainText">Whether the command line asks for connections without TLS, for development.</param>
internal sealed record ServeRequest(LedgerLocation Location, ParseResult Parsed, TextWriter Output, TextWriter Error, bool Json, bool IsPlainText);
