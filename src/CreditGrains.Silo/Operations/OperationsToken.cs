using System.Security.Cryptography;
using System.Text;
using CreditGrains.Silo.CommandLine;
using Microsoft.Extensions.Logging;

namespace CreditGrains.Silo.Operations;

/// <summary>The token of a file, as the file says now. A file that cannot be used lets nobody in.</summary>
internal sealed partial class OperationsToken
{
    private const int MinLength = 16;
    private const UnixFileMode Others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    private const string Scheme = "Bearer ";

    private readonly string _file;
    private readonly ILogger _logger;
    private readonly Lock _gate = new();
    private string _seen;
    private byte[]? _digest;

    /// <summary>Reads the file for the first time.</summary>
    /// <exception cref="UsageException">It cannot be used, and why.</exception>
    internal OperationsToken(string file, ILogger logger)
    {
        (_file, _logger, _seen) = (file, logger, Stamp(file));
        _digest = Read(file, out var fault) ?? throw new UsageException(fault!);
    }

    /// <summary>Tells whether a request shows the token.</summary>
    /// <param name="authorization">Its header <c>Authorization</c>; null or empty if it has none.</param>
    internal bool IsShownIn(string? authorization)
    {
        if (authorization is null || !authorization.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)) return false;

        // Digests are of one length, so that comparing them tells nothing of the token, its length included.
        var shown = SHA256.HashData(Encoding.UTF8.GetBytes(authorization[Scheme.Length..].Trim()));
        return Digest() is { } digest && CryptographicOperations.FixedTimeEquals(shown, digest);
    }

    private byte[]? Digest()
    {
        lock (_gate)
        {
            var stamp = Stamp(_file);
            if (stamp == _seen) return _digest;

            // A token is replaced when somebody has seen it who should not have. The old one is not kept for want of a new one.
            _digest = Read(_file, out var fault);
            _seen = stamp;
            if (fault is null) LogReplaced(_file);
            else LogUnusable(fault);
            return _digest;
        }
    }

    private static byte[]? Read(string file, out string? fault)
    {
        fault = null;
        try
        {
            if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(file) & Others) != 0)
            {
                fault = $"{file} can be read by others than its owner. Take that from them: chmod 600 {file}.";
                return null;
            }

            var token = File.ReadAllText(file).Trim();
            if (token.Length >= MinLength) return SHA256.HashData(Encoding.UTF8.GetBytes(token));
            fault = $"{file} holds no token of {MinLength} characters or more. Make one: head -c 32 /dev/urandom | base64 > {file}.";
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            fault = $"{file}, named in operations.tokenFile, cannot be read: {unreadable.Message}";
        }

        return null;
    }

    private static string Stamp(string file)
    {
        var info = new FileInfo(file);
        return info.Exists ? $"{info.LastWriteTimeUtc.Ticks}/{info.Length}/{(OperatingSystem.IsWindows() ? 0 : info.UnixFileMode)}" : "none";
    }

    [LoggerMessage(LogLevel.Information, "{File} was replaced; only its new token is accepted")]
    private partial void LogReplaced(string file);

    [LoggerMessage(LogLevel.Error, "Nobody is let in to metrics and dashboard: {Reason}")]
    private partial void LogUnusable(string reason);
}
