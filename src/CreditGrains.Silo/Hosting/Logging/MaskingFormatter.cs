using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace CreditGrains.Silo.Hosting;

/// <summary>Writes one line an event, and never who a citizen is.</summary>
/// <remarks>
/// What the ledger logs of itself names no citizen. The runtime, though, names the grains whose messages it could not deliver, and a citizen's grain
/// goes by the pseudonym; so do exceptions that it quotes. Wherever a pseudonym would stand, its partition's four leading digits are left.
/// </remarks>
internal sealed partial class MaskingFormatter(TimeProvider clock) : ConsoleFormatter(FormatterName)
{
    internal const string FormatterName = "creditgrains";

    /// <inheritdoc/>
    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        var message = logEntry.Formatter(logEntry.State, logEntry.Exception);
        if (message is null && logEntry.Exception is null) return;
        var text = logEntry.Exception is { } exception ? $"{message} {exception}" : message;
        textWriter.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{clock.GetUtcNow().UtcDateTime:yyyy-MM-dd'T'HH:mm:ss.fff'Z'} {Word(logEntry.LogLevel)}: {logEntry.Category}[{logEntry.EventId.Id}] {Mask(text!)}"));
    }

    /// <summary>Makes a text one line without pseudonyms.</summary>
    /// <param name="text">What was to be logged.</param>
    internal static string Mask(string text) => Pseudonym().Replace(text, "$1…").ReplaceLineEndings(" ");

    private static string Word(LogLevel level) => level switch
    {
        LogLevel.Trace => "trce",
        LogLevel.Debug => "dbug",
        LogLevel.Information => "info",
        LogLevel.Warning => "warn",
        LogLevel.Error => "fail",
        _ => "crit",
    };

    [GeneratedRegex("(?<![0-9a-fA-F])([0-9a-fA-F]{4})[0-9a-fA-F]{28}(?![0-9a-fA-F])")]
    private static partial Regex Pseudonym();
}
