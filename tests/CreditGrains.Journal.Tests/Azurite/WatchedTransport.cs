using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using Azure;
using Azure.Core;
using Azure.Core.Pipeline;

namespace CreditGrains.Journal.Tests.Azurite;

/// <summary>One request as it was about to leave.</summary>
internal sealed record SentRequest(string Method, Uri Uri, long Bytes)
{
    internal bool IsTransaction => Uri.AbsolutePath.EndsWith("$batch", StringComparison.Ordinal);
}

/// <summary>Stands before the wire: notes what is sent, and lets a test answer in the service's place, or come to nothing.</summary>
internal sealed class WatchedTransport(HttpPipelineTransport wire) : HttpPipelineTransport
{
    private readonly ConcurrentQueue<SentRequest> _sent = new();

    /// <summary>Gets or sets what happens to a transaction, given how to send it; by default it is sent.</summary>
    internal Func<HttpMessage, Func<ValueTask>, ValueTask> OnTransaction { get; set; } = static (_, send) => send();

    /// <summary>Gets or sets what happens to anything else.</summary>
    internal Func<HttpMessage, Func<ValueTask>, ValueTask> OnOther { get; set; } = static (_, send) => send();

    internal List<SentRequest> Sent => [.. _sent];

    internal IEnumerable<SentRequest> Transactions => _sent.Where(request => request.IsTransaction);

    internal IEnumerable<SentRequest> Queries => _sent.Where(request => request.Method == "GET");

    public override Request CreateRequest() => wire.CreateRequest();

    public override void Process(HttpMessage message) => throw new NotSupportedException();

    public override ValueTask ProcessAsync(HttpMessage message)
    {
        var request = message.Request;
        var sent = new SentRequest(request.Method.Method, request.Uri.ToUri(), request.Content?.TryComputeLength(out var bytes) == true ? bytes : 0);
        _sent.Enqueue(sent);
        return (sent.IsTransaction ? OnTransaction : OnOther)(message, () => wire.ProcessAsync(message));
    }

    internal void Forget() => _sent.Clear();
}

/// <summary>An answer that the service might give.</summary>
internal sealed class MadeUpResponse(int status, string? code, string? body = null) : Response
{
    private readonly Dictionary<string, string> _headers = new(StringComparer.OrdinalIgnoreCase)
    {
        ["Content-Type"] = body is null ? "application/json" : "multipart/mixed; boundary=batchresponse_1",
    };

    public override int Status => status;

    public override string ReasonPhrase => "";

    public override Stream? ContentStream { get; set; } = new MemoryStream(Encoding.UTF8.GetBytes(body ?? Error(code)));

    public override string ClientRequestId { get; set; } = "request-1";

    /// <summary>Makes the answer to a transaction of which one operation was refused, as the service frames it.</summary>
    internal static MadeUpResponse Refused(int status, string? code) => new(202, null, Lines(
        "--batchresponse_1",
        "Content-Type: multipart/mixed; boundary=changesetresponse_1",
        "",
        "--changesetresponse_1",
        "Content-Type: application/http",
        "Content-Transfer-Encoding: binary",
        "",
        $"HTTP/1.1 {status} Refused",
        "Content-Type: application/json;odata=minimalmetadata;streaming=true;charset=utf-8",
        "",
        Error(code),
        "--changesetresponse_1--",
        "--batchresponse_1--",
        ""));

    /// <summary>Makes the answer to a transaction whose operations ended so.</summary>
    internal static MadeUpResponse Accepted(params int[] statuses) => new(202, null, Lines(
    [
        "--batchresponse_1",
        "Content-Type: multipart/mixed; boundary=changesetresponse_1",
        "",
        .. statuses.SelectMany(status => (string[])
        [
            "--changesetresponse_1", "Content-Type: application/http", "Content-Transfer-Encoding: binary", "", $"HTTP/1.1 {status} Done", "DataServiceVersion: 3.0;", "", "",
        ]),
        "--changesetresponse_1--",
        "--batchresponse_1--",
        "",
    ]));

    public override void Dispose() => ContentStream?.Dispose();

    protected override bool ContainsHeader(string name) => _headers.ContainsKey(name);

    protected override IEnumerable<HttpHeader> EnumerateHeaders() => _headers.Select(header => new HttpHeader(header.Key, header.Value));

    protected override bool TryGetHeader(string name, [NotNullWhen(true)] out string? value) => _headers.TryGetValue(name, out value);

    protected override bool TryGetHeaderValues(string name, [NotNullWhen(true)] out IEnumerable<string>? values)
    {
        values = _headers.TryGetValue(name, out var value) ? [value] : null;
        return values is not null;
    }

    private static string Error(string? code) => code is null
        ? "<html>somebody on the way</html>"
        : $$$$"""{"odata.error":{"code":"{{{{code}}}}","message":{"lang":"en-US","value":"0:what was sent may be quoted here"}}}""";

    private static string Lines(params string[] lines) => string.Join("\r\n", lines);
}
