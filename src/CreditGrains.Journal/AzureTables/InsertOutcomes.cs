using Azure;
using Azure.Identity;

namespace CreditGrains.Journal.AzureTables;

/// <summary>Reads a failed transaction. Anything not known to be harmless is <see cref="InsertVerdict.Unknown"/>.</summary>
/// <remarks>
/// <para>
/// Deliberately not the SDK's own idea of a failure that may be tried again: that was made for work that may be done twice. A refusal counts
/// only if the service itself gave it, under an error code of its own; a bare status may come from anything on the way, before or after the
/// transaction was carried out.
/// </para>
/// <para>
/// Throttling (503 ServerBusy, 429) is unknown too. The service promises nowhere that what it answers so was not carried out, and says in
/// the same breath that it may answer 500 OperationTimedOut instead. The log settles it with one empty batch, and waits longer and longer for that: which
/// is what a throttled store needs.
/// </para>
/// <para>Reasons hold status, code and the service's request id, and never its message, which may quote what was sent.</para>
/// </remarks>
internal static class InsertOutcomes
{
    internal static readonly InsertOutcome Inserted = new(InsertVerdict.Inserted);
    internal static readonly InsertOutcome KeyExists = new(InsertVerdict.KeyExists);
    internal static readonly InsertOutcome Closed = new(InsertVerdict.NotWritten, "The store is closed.");
    internal static readonly InsertOutcome NotBegun = new(InsertVerdict.NotWritten, "The wait was cancelled before the write began.");

    internal static InsertOutcome Of(Exception failure) => failure switch
    {
        RequestFailedException { Status: 0 } unanswered => new(WasNeverSent(unanswered) ? InsertVerdict.NotWritten : InsertVerdict.Unknown, Unanswered(unanswered)),
        RequestFailedException refused => new(Of(refused.Status, refused.ErrorCode), Reason(refused)),

        // Thrown while the token for the request is fetched, before there is a request.
        AuthenticationFailedException => new(InsertVerdict.NotWritten, "The managed identity got no token for the storage account."),

        OperationCanceledException => new(InsertVerdict.Unknown, "The wait was cancelled during the write."),
        _ => new(InsertVerdict.Unknown, $"The answer could not be read: {failure.GetType().Name}."),
    };

    private static InsertVerdict Of(int status, string? code) => (status, code) switch
    {
        // Transactions are atomic and ours only add: one taken key, and nothing was added.
        (409, "EntityAlreadyExists") => InsertVerdict.KeyExists,

        // The request was looked at and found wrong before anything was done: a limit, a malformed key, a header.
        (400, { Length: > 0 }) => InsertVerdict.NotWritten,

        // Whoever may not write has not written: key, token, network rule, or an account that was switched off.
        (401 or 403, { Length: > 0 }) => InsertVerdict.NotWritten,

        // There is no table to write to.
        (404, "TableNotFound" or "ResourceNotFound") => InsertVerdict.NotWritten,
        (409, "TableBeingDeleted") => InsertVerdict.NotWritten,

        // The body was refused by its length.
        (413, "RequestBodyTooLarge") => InsertVerdict.NotWritten,

        _ => InsertVerdict.Unknown,
    };

    /// <summary>Whether the request failed before there was a connection to send it on.</summary>
    private static bool WasNeverSent(RequestFailedException failure) => failure.InnerException is HttpRequestException
    {
        HttpRequestError: HttpRequestError.NameResolutionError or HttpRequestError.ConnectionError or HttpRequestError.SecureConnectionError,
    };

    private static string Unanswered(RequestFailedException failure) => failure.InnerException is HttpRequestException wire
        ? $"No answer: {wire.HttpRequestError}."
        : $"No answer: {failure.InnerException?.GetType().Name ?? "no reason given"}.";

    internal static string Reason(RequestFailedException failure) =>
        $"The storage account answered {failure.Status} {failure.ErrorCode ?? "without a code"} (request {failure.GetRawResponse()?.ClientRequestId ?? "unknown"}).";
}
