using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging;

namespace CreditGrains.Client;

/// <summary>What one end shows, and whom it believes, as the files say now.</summary>
/// <param name="Shown">The certificate with its key, and those between it and the authority.</param>
/// <param name="Authorities">The only roots that are believed.</param>
internal sealed record TlsIdentity(SslStreamCertificateContext Shown, X509Certificate2Collection Authorities)
{
    /// <summary>Reads the files.</summary>
    /// <exception cref="CertificateUnusableException">One is missing, is none, has run out, or does not fit the others.</exception>
    internal static TlsIdentity Load(LedgerTlsOptions options, TimeProvider clock)
    {
        var authorities = Read(options.AuthorityFile, () =>
        {
            var found = new X509Certificate2Collection();
            found.ImportFromPemFile(options.AuthorityFile);
            return found.Count > 0 ? found : throw new CryptographicException("it holds no certificate");
        });
        var shown = Read(options.CertificateFile, () =>
        {
            var found = new X509Certificate2Collection();
            found.ImportFromPemFile(options.CertificateFile);
            return found.Count > 0 ? found : throw new CryptographicException("it holds no certificate");
        });
        using var withKey = Read(options.KeyFile, () => X509Certificate2.CreateFromPemFile(options.CertificateFile, options.KeyFile));
        var now = clock.GetUtcNow().UtcDateTime;
        if (withKey.NotAfter.ToUniversalTime() <= now)
            throw new CertificateUnusableException($"{options.CertificateFile}: the certificate ran out on {withKey.NotAfter.ToUniversalTime():yyyy-MM-dd HH:mm}Z. Put a new one in its place.");

        // Some platforms do not use a key that lies in no store of theirs unless it went through PKCS #12.
        var usable = X509CertificateLoader.LoadPkcs12(withKey.Export(X509ContentType.Pkcs12), null);
        var between = new X509Certificate2Collection(shown.Skip(1).ToArray());
        return new(SslStreamCertificateContext.Create(usable, between, offline: true), authorities);
    }

    private static T Read<T>(string file, Func<T> read)
    {
        if (!File.Exists(file)) throw new CertificateUnusableException($"{file} does not exist. Make certificates, for a trial with scripts/dev-certs, and name their files in the settings.");
        try
        {
            return read();
        }
        catch (Exception unusable) when (unusable is CryptographicException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new CertificateUnusableException($"{file} cannot be used: {unusable.Message}", unusable);
        }
    }
}

/// <summary>Keeps an identity in step with its files.</summary>
internal sealed partial class TlsIdentitySource
{
    private readonly LedgerTlsOptions _options;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly Lock _gate = new();
    private TlsIdentity _current;
    private string _seen;
    private long _lookedAt;

    /// <summary>Reads the files for the first time.</summary>
    /// <exception cref="CertificateUnusableException">They cannot be used.</exception>
    internal TlsIdentitySource(LedgerTlsOptions options, TimeProvider clock, ILogger logger)
    {
        (_options, _clock, _logger) = (options, clock, logger);
        _seen = Stamp();
        _lookedAt = clock.GetTimestamp();
        _current = TlsIdentity.Load(options, clock);
    }

    /// <summary>Gets what is shown and believed from now on.</summary>
    internal TlsIdentity Current
    {
        get
        {
            lock (_gate)
            {
                if (_clock.GetElapsedTime(_lookedAt) < _options.LookAgainAfter) return _current;
                _lookedAt = _clock.GetTimestamp();
                var stamp = Stamp();
                if (stamp == _seen) return _current;
                try
                {
                    _current = TlsIdentity.Load(_options, _clock);
                    _seen = stamp;
                    LogReplaced(_options.CertificateFile, _current.Shown.TargetCertificate.NotAfter.ToUniversalTime());
                }
                catch (CertificateUnusableException unusable)
                {
                    // Perhaps one file of three has been written so far. It is looked at again until they fit.
                    LogKept(unusable.Message);
                }

                return _current;
            }
        }
    }

    private string Stamp() => string.Join('|', new[] { _options.CertificateFile, _options.KeyFile, _options.AuthorityFile }.Select(file =>
    {
        var info = new FileInfo(file);
        return info.Exists ? $"{info.LastWriteTimeUtc.Ticks}/{info.Length}" : "none";
    }));

    [LoggerMessage(LogLevel.Information, "{File} was replaced; new connections show the new certificate, valid until {Until:u}")]
    private partial void LogReplaced(string file, DateTime until);

    [LoggerMessage(LogLevel.Error, "The certificate in use is kept, for its replacement cannot be used: {Reason}")]
    private partial void LogKept(string reason);
}
